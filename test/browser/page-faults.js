// Evaluated in the page: what would keep somebody from reading it. Gives a list of sentences, empty when all is well.
(() => {
  const faults = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const place = (element) =>
    `${element.tagName.toLowerCase()} "${(element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 30)}"`;

  if (!document.documentElement.lang) faults.push('the page has no language');
  if (!document.title) faults.push('the page has no title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('there is not exactly one h1');
  if (document.querySelectorAll('main').length !== 1) faults.push('there is not exactly one main');

  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`${place(heading)} skips a level`);
    level = own;
  }
  for (const section of document.querySelectorAll('section')) {
    const name = document.getElementById(section.getAttribute('aria-labelledby') ?? '');
    if (!name?.textContent) faults.push(`${place(section)} has no name`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`the id ${id} is used twice`);

  for (const field of document.querySelectorAll('input, select')) {
    if (![...field.labels].some((label) => label.textContent.trim())) faults.push(`${place(field)} has no label`);
  }
  for (const button of document.querySelectorAll('button, a, summary')) {
    if (!button.textContent.trim()) faults.push(`${place(button)} has no name`);
  }
  for (const picture of document.querySelectorAll('svg, img, canvas')) {
    const image = picture.closest('[role="img"]');
    if (!image?.getAttribute('aria-label')) faults.push(`${place(picture)} has no text in its place`);
  }
  for (const table of document.querySelectorAll('table')) {
    const named = table.caption?.textContent || table.ariaLabel || table.closest('[role="region"]')?.ariaLabel;
    if (!named && !table.closest('section')) faults.push(`${place(table)} has no name`);
    for (const heading of table.querySelectorAll('th'))
      if (!heading.scope) faults.push(`${place(heading)} heads nothing`);
  }
  for (const scroller of document.querySelectorAll('.scroll')) {
    if (scroller.tabIndex !== 0 || !scroller.ariaLabel)
      faults.push('a region that scrolls is not reached by the keyboard');
  }

  // Contrast as WCAG 2 counts it. A pixel says what a colour comes to, however it is written.
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const pixel = (...colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => (value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const colours = [];
    for (let each = element; each; each = each.parentElement) colours.unshift(getComputedStyle(each).backgroundColor);
    return pixel(...colours);
  };
  const contrast = (text, back) => {
    const [low, high] = [luminance(text), luminance(back)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest('script, svg, .unseen, .skip, option') || !shown(element)) continue;
    const found = contrast(pixel(getComputedStyle(element).color), behind(element));
    if (found < 4.5) faults.push(`${place(element)} has a contrast of ${found.toFixed(2)}`);
  }
  for (const text of document.querySelectorAll('svg text')) {
    if (!shown(text)) continue;
    const found = contrast(pixel(getComputedStyle(text).fill), behind(text.closest('section')));
    if (found < 4.5) faults.push(`in a chart, ${place(text)} has a contrast of ${found.toFixed(2)}`);
  }
  return [...new Set(faults)];
})();

// Runs in the reader's browser: search, filter and sort of the one table that has them. The page is whole without it.
(() => {
  const table = document.querySelector('table.searched');
  const search = document.getElementById('search');
  const fate = document.getElementById('fate');
  const shown = document.getElementById('shown');
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const form = search.closest('form');
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fits =
        words.every((word) => texts.get(row).includes(word)) && (!fate?.value || row.dataset.fate === fate.value);
      row.hidden = !fits;
      if (fits) count += 1;
    }
    const noun = `${table.dataset.noun}${rows.length === 1 ? '' : 's'}`;
    shown.value = count === rows.length ? `${count} ${noun}` : `${count} of ${rows.length} ${noun}`;
  };
  search.addEventListener('input', filter);
  fate?.addEventListener('change', filter);

  const sortKey = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.value ? Number(cell.dataset.value) : cell.textContent.trim().toLowerCase();
  };
  for (const button of table.tHead.querySelectorAll('button')) {
    button.disabled = false;
    button.addEventListener('click', () => {
      const heading = button.closest('th');
      const column = Number(button.dataset.column);
      const numeric = Boolean(rows[0].cells[column].dataset.value);
      const before = heading.getAttribute('aria-sort');
      // Numbers are mostly wanted from the top, words from their beginning.
      const first = numeric ? 'descending' : 'ascending';
      const other = numeric ? 'ascending' : 'descending';
      const order = before === first ? other : first;
      for (const each of table.tHead.querySelectorAll('th')) each.setAttribute('aria-sort', 'none');
      heading.setAttribute('aria-sort', order);
      const sign = order === 'ascending' ? 1 : -1;
      rows.sort((a, b) => {
        const [left, right] = [sortKey(a, column), sortKey(b, column)];
        return sign * (typeof left === 'number' ? left - right : left.localeCompare(right));
      });
      body.append(...rows);
    });
  }
})();

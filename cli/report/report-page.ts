import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Html, html } from '../../shared/page/html.ts';
import { wholePage } from '../../shared/page/whole-page.ts';

const STYLE = readFileSync(join(import.meta.dirname, 'report.css'), 'utf8');
const SCRIPT = readFileSync(join(import.meta.dirname, 'report-page.js'), 'utf8');

export type ReportPage = {
  readonly title: string;
  /** Where a reader without a mouse may want to go at once: the id of a heading, and what to call it. */
  readonly skip: { readonly id: string; readonly text: string };
  readonly heading: string;
  readonly lead: Html;
  readonly main: Html;
};

/** A page in the style of the reports, with their search and sort. */
export function reportPage({ title, skip, heading, lead, main }: ReportPage): string {
  return wholePage({
    title,
    style: STYLE,
    script: SCRIPT,
    body: html`<a class="skip" href="#${skip.id}">${skip.text}</a>
<header>
<p class="brand">Rescind</p>
<h1>${heading}</h1>
<p>${lead}</p>
</header>
<main>
${main}
</main>`,
  });
}

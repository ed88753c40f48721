import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Html, html, trusted } from '../../shared/page/html.ts';

const STYLE = readFileSync(join(import.meta.dirname, 'report.css'), 'utf8');
const SCRIPT = readFileSync(join(import.meta.dirname, 'report-page.js'), 'utf8');

/** The browser itself sees to it that the page loads nothing, sends nothing and runs no script but its own. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export type ReportPage = {
  readonly title: string;
  /** Where a reader without a mouse may want to go at once: the id of a heading, and what to call it. */
  readonly skip: { readonly id: string; readonly text: string };
  readonly heading: string;
  readonly lead: Html;
  readonly main: Html;
};

/** One HTML file that needs nothing beside itself. */
export function reportPage({ title, skip, heading, lead, main }: ReportPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(CONTENT_SECURITY_POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#${skip.id}">${skip.text}</a>
<header>
<p class="brand">Rescind</p>
<h1>${heading}</h1>
<p>${lead}</p>
</header>
<main>
${main}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.text;
}

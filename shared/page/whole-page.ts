import { hash } from 'node:crypto';
import { type Html, html, trusted } from './html.ts';

export type WholePage = {
  readonly title: string;
  /** Style sheet and script of our own making. */
  readonly style: string;
  readonly script?: string;
  readonly body: Html;
};

/** One HTML file that needs nothing beside itself. The browser itself sees to it that it loads nothing, sends nothing and runs no script but its own. */
export function wholePage({ title, style, script, body }: WholePage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policyFor(script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
${
  script === undefined
    ? html``
    : html`<script>${trusted(script)}</script>
`
}</body>
</html>
`.text;
}

function policyFor(script: string | undefined): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(script === undefined ? [] : [`script-src 'sha256-${hash('sha256', script, 'base64')}'`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

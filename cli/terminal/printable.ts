export { printable } from '../../shared/page/printable.ts';

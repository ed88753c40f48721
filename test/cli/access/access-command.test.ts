import { describe, expect, test } from 'vitest';
import { runCommand } from '../../support/run-command.ts';

describe('the commands about accesses', () => {
  test.each([
    [['who', 'payroll'], /^"payroll" is no ARN: write the resource as arn:aws:s3:::bucket\/key or the like\.$/],
    [['who', 'arn:aws:s3:::pay', '--since', 'soon'], /^--since takes a time back/],
    [['what', 'AIDAEXAMPLE1', '--since', '1y'], /^--since takes a time back/],
    [['what', 'AIDAEXAMPLE1', '--limit', '0'], /A whole number from 1 to 100000\./],
    [['session', 'ASIAEXAMPLE2', '--since', '2027-01-01'], /^--since lies in the future\.$/],
    [['map', '--limit', '0'], /A whole number from 1 to 100000\./],
    [['decode', 'nowhere'], /^cannot read nowhere: there is no such file or folder$/],
    [['who'], /missing required argument 'resource'/],
  ])('%j is wrong use: one sentence, exit code 2, nothing on stdout', async (args, sentence) => {
    const { code, stdout, stderr } = await runCommand(args);
    expect(stderr.trim()).toMatch(sentence);
    expect([code, stdout]).toEqual([2, '']);
  });

  test.each(['who', 'what', 'session', 'map', 'baseline', 'decode'])('%s teaches by examples', async (command) => {
    const { code, stdout } = await runCommand([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ npx rescind ${command} `);
  });
});

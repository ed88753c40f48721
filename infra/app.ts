import { buildApp } from './build-app.ts';
import { buildGuard } from './build-guard.ts';
import { readContext } from './configuration/read-context.ts';

const account = process.env.CDK_DEFAULT_ACCOUNT;
const { guard, ...context } = { ...readContext(process.env), ...(account === undefined ? {} : { account }) };
const building = guard === undefined ? await buildApp(context) : buildGuard({ ...context, guard });
if (building.kind === 'problems') {
  // Plain lines and no stack trace: these are the operator's files, not our code.
  for (const line of building.lines) process.stderr.write(`${line}\n`);
  process.exitCode = 1;
} else {
  for (const line of building.notices) process.stderr.write(`${line}\n`);
  building.app.synth();
}

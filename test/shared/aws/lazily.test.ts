import { describe, expect, it } from 'vitest';
import { lazily } from '../../../shared/aws/lazily.ts';
import { awsServices } from '../../../shared/aws/resources/aws-services.ts';
import { createResources } from '../../../shared/aws/resources/create-resources.ts';

const clock = { now: () => new Date('2026-11-21T02:00:00Z'), sleep: async () => undefined };
const trail = {
  arn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/all',
  account: '111122223333',
  region: 'us-east-1',
};
/** As Node says it, of a file that is not in the asset. */
const missing = Object.assign(new Error("Cannot find module '/var/task/trails.mjs'"), { code: 'ERR_MODULE_NOT_FOUND' });

describe('what is loaded lazily', () => {
  it('is loaded when it is first asked for, and once, however many ask at the same time', async () => {
    let loads = 0;
    const get = lazily(async () => {
      loads += 1;
      return { number: loads };
    });
    expect(loads).toBe(0);
    const [first, second] = await Promise.all([get(), get()]);
    expect(second).toBe(first);
    expect(await get()).toBe(first);
    expect(loads).toBe(1);
  });

  it('is a fault by name when it cannot be loaded, and the next one to ask tries again', async () => {
    let isThere = false;
    const get = lazily(async () => {
      if (!isThere) throw missing;
      return 'there';
    });
    await expect(get()).rejects.toMatchObject({
      name: 'NotLoadedError',
      message: "a part of Rescind's code could not be loaded: Cannot find module '/var/task/trails.mjs'",
      cause: missing,
    });
    isThere = true;
    expect(await get()).toBe('there');
  });
});

describe('a service whose code cannot be loaded', () => {
  const resources = createResources(() => Promise.reject(missing), { clock, random: () => 0 });

  it('is a fault of a read, which does not say that nothing is there, or that it was not to be read', async () => {
    await expect(resources.read(trail)).rejects.toMatchObject({ name: 'NotLoadedError', cause: missing });
  });

  it('is a fault of a write, which has no result', async () => {
    const call = { service: 'cloudtrail', operation: 'StartLogging', on: trail, input: { Name: trail.arn } } as const;
    await expect(resources.execute(call)).rejects.toMatchObject({ name: 'NotLoadedError' });
  });
});

describe('the services of AWS', () => {
  it.each([
    ['trail', 'GetTrailStatus'],
    ['security-group', 'DescribeSecurityGroupRules'],
    ['bucket', 'GetPublicAccessBlock'],
    ['account', 'GetAccountPublicAccessBlock'],
    ['secret', 'DescribeSecret'],
    ['permission-set', 'GetInlinePolicyForPermissionSet'],
  ] as const)('read a %s by %s', async (kind, operation) => {
    expect((await awsServices(kind, 'us-east-1', clock)).reads).toBe(operation);
  });
});

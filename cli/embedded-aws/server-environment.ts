import { dirname } from 'node:path';
import { embeddedAccount, embeddedRegion } from './account.ts';
import { loopback } from './free-port.ts';

/**
 * MiniStack's whole environment. It starts from nothing rather than from ours, because its Lambda workers inherit it: a
 * developer's AWS profile, NODE_OPTIONS or proxy must not change how the deployed functions behave.
 */
export function serverEnvironment(options: {
  port: number;
  instance: string;
  functionEnvironment: Readonly<Record<string, string>>;
}): Record<string, string> {
  return {
    // Workers run the first `node` on the path: this makes it the very one that runs us.
    PATH: [dirname(process.execPath), process.env.PATH ?? '/usr/bin:/bin'].join(':'),
    HOME: process.env.HOME ?? '/',
    LANG: 'C.UTF-8',
    ...options.functionEnvironment,

    GATEWAY_PORT: String(options.port),
    BIND_HOST: loopback,
    MINISTACK_HOST: loopback,
    MINISTACK_ACCOUNT_ID: embeddedAccount,
    MINISTACK_REGION: embeddedRegion,
    // Of what is signed it checks one thing, presigned links to S3: by the secret that every client here is given.
    AWS_SECRET_ACCESS_KEY: 'embedded',
    // Shown as `edition` by the health page: so we know that the server that answers is the one we started.
    MINISTACK_EDITION: options.instance,

    // At INFO it writes a line for each request: a tenth of a call's time, and a log in which nobody finds the problem.
    LOG_LEVEL: 'WARNING',
    // Its log of calls, for whoever switches it on: by itself it forgets after 10,000, which a demo makes in half a minute.
    CLOUDTRAIL_MAX_EVENTS: '100000',
    // Functions run as plain processes, one warm worker a function, kept for the whole life of the server.
    LAMBDA_EXECUTOR: 'local',
    LAMBDA_WARM_TTL_SECONDS: '86400',
    // How long a new function stays Pending: only waiting, and CloudFormation waits it once for each function.
    LAMBDA_STATE_TRANSITION_SECONDS: '0',
    // Listeners on fixed ports (2222, 8883) that we do not use and that a second instance would collide with.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    // With a Docker socket it would, at start, stop and remove every container that carries its label, other people's too.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
}

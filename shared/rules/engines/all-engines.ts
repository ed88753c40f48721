import type { Engines } from './engine.ts';
import { ipaddrCidr } from './ipaddr-cidr.ts';
import { namedResources } from './named-resources.ts';
import { re2Regex } from './re2-regex.ts';

/** For the command line, where size does not matter. */
export const ALL_ENGINES: Required<Engines> = { regex: re2Regex, cidr: ipaddrCidr, resources: namedResources };

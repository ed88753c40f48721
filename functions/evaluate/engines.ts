import type { Engines } from '../../shared/rules/engines/engine.ts';

// Set when the function is bundled: a stack whose rules need no expressions does not carry RE2 and CIDR matching. Where
// nothing is bundled, as in a test, they do not exist, and both are loaded.
declare const RULES_USE_REGEX: boolean;
declare const RULES_USE_CIDR: boolean;
declare const RULES_USE_RESOURCES: boolean;

/** The matchers that the deployed rules need. */
export async function loadEngines(): Promise<Engines> {
  return {
    ...(typeof RULES_USE_REGEX === 'undefined' || RULES_USE_REGEX
      ? { regex: (await import('../../shared/rules/engines/re2-regex.ts')).re2Regex }
      : {}),
    ...(typeof RULES_USE_CIDR === 'undefined' || RULES_USE_CIDR
      ? { cidr: (await import('../../shared/rules/engines/ipaddr-cidr.ts')).ipaddrCidr }
      : {}),
    ...(typeof RULES_USE_RESOURCES === 'undefined' || RULES_USE_RESOURCES
      ? { resources: (await import('../../shared/rules/engines/named-resources.ts')).namedResources }
      : {}),
  };
}

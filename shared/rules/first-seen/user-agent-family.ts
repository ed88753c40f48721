/** Tools that announce themselves behind the SDK they are made with. */
const TOOLS = ['terraform', 'pulumi', 'cloudformation', 'ansible', 'aws-cdk'];

/** The program behind a user agent, without its version: `aws-cli`, `boto3`, `terraform`, `browser`. */
export function userAgentFamily(userAgent: string): string | undefined {
  const text = userAgent.slice(0, 1_000).toLowerCase().replace(/^\[/, '');
  const tool = TOOLS.find((name) => text.includes(name));
  if (tool !== undefined) return tool;
  const family = /^[^\s/;(\]]+/.exec(text)?.[0].slice(0, 60);
  return family === 'mozilla' ? 'browser' : family;
}

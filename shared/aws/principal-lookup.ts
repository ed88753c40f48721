import { GetRoleCommand, GetUserCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { PrincipalLookup } from '../cases/subject-of.ts';
import { orMissing } from './told-read.ts';

/** The two IAM reads of evaluate. A name that nobody bears is an answer; every other fault is thrown. */
export function createPrincipalLookup(client: IAMClient): PrincipalLookup {
  return {
    async getUser(name) {
      const User = (await orMissing(client.send(new GetUserCommand({ UserName: name }))))?.User;
      if (User?.UserName === undefined || User.UserId === undefined || User.Arn === undefined) return undefined;
      return { userName: User.UserName, userId: User.UserId, arn: User.Arn };
    },
    async getRole(name) {
      const Role = (await orMissing(client.send(new GetRoleCommand({ RoleName: name }))))?.Role;
      if (Role?.RoleName === undefined || Role.RoleId === undefined || Role.Arn === undefined) return undefined;
      return { roleName: Role.RoleName, roleId: Role.RoleId, arn: Role.Arn, path: Role.Path ?? '/' };
    },
  };
}

import { GetRoleCommand, GetUserCommand, type IAMClient, NoSuchEntityException } from '@aws-sdk/client-iam';
import type { PrincipalLookup } from '../cases/subject-of.ts';

/** The two IAM reads of evaluate. A name that nobody bears is an answer; every other fault is thrown. */
export function createPrincipalLookup(client: IAMClient): PrincipalLookup {
  return {
    async getUser(name) {
      try {
        const { User } = await client.send(new GetUserCommand({ UserName: name }));
        if (User?.UserName === undefined || User.UserId === undefined || User.Arn === undefined) return undefined;
        return { userName: User.UserName, userId: User.UserId, arn: User.Arn };
      } catch (error) {
        if (error instanceof NoSuchEntityException) return undefined;
        throw error;
      }
    },
    async getRole(name) {
      try {
        const { Role } = await client.send(new GetRoleCommand({ RoleName: name }));
        if (Role?.RoleName === undefined || Role.RoleId === undefined || Role.Arn === undefined) return undefined;
        return { roleName: Role.RoleName, roleId: Role.RoleId, arn: Role.Arn, path: Role.Path ?? '/' };
      } catch (error) {
        if (error instanceof NoSuchEntityException) return undefined;
        throw error;
      }
    },
  };
}

import {
  GetResourcesCommand,
  type GetResourcesCommandOutput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import type { TagSearch } from '../ports/tagged-resources.ts';

/**
 * Asks the account for the resources of this region that bear a tag, whatever their service.
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
export function createTagSearch(client = new ResourceGroupsTaggingAPIClient({})): TagSearch {
  return async function* search(tag) {
    const at = tag.indexOf('=');
    const filter = at < 0 ? { Key: tag } : { Key: tag.slice(0, at), Values: [tag.slice(at + 1)] };
    let token: string | undefined;
    do {
      const answer: GetResourcesCommandOutput = await client.send(
        new GetResourcesCommand({
          TagFilters: [filter],
          ResourcesPerPage: 100,
          ...(token === undefined ? {} : { PaginationToken: token }),
        }),
      );
      for (const { ResourceARN } of answer.ResourceTagMappingList ?? [])
        if (ResourceARN !== undefined) yield ResourceARN;
      token = answer.PaginationToken;
    } while (token !== undefined && token !== '');
  };
}

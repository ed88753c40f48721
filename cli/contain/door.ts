import type { Case } from '../../shared/cases/case.ts';
import type { ContainOrder } from '../../shared/cases/contain-by-hand.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';

/** Where a containment by hand is ordered: a deployed stack, or this process itself. */
export type Door = {
  readonly store: CaseStore;
  /** Carries the order to its end. Undefined: it was refused, and that was told. */
  readonly carry: (order: Asked & { readonly enforce: boolean }) => Promise<Case | undefined>;
  /** What has to be added to a command about the case. */
  readonly flag: string;
  readonly close: () => void;
};

/** What the options of the command say. */
export type Asked = Pick<ContainOrder, 'kind' | 'playbook' | 'seconds' | 'reason'>;

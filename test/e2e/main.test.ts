// One file, and so one worker that mostly waits: the scenarios run side by side in it, each on subjects of its own.
// A single one: npx vitest run test/e2e -t 'mode observe'
import './scenarios/user.ts';
import './scenarios/session.ts';
import './scenarios/events.ts';
import './scenarios/joining.ts';
import './scenarios/release.ts';
import './scenarios/revert.ts';
import './scenarios/approval.ts';
import './scenarios/lock.ts';
import './scenarios/revoke-access.ts';
import './scenarios/recording.ts';
import './scenarios/lost-records.ts';
import './scenarios/hours.ts';
import './scenarios/worked-examples.ts';
import './scenarios/by-hand.ts';

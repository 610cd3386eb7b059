import { words } from "../words";
import { ActivityPart } from "./ActivityPart";
import { ChoicesPart } from "./ChoicesPart";
import { DeletePart } from "./DeletePart";
import { ExportPart } from "./ExportPart";
import { KeysPart } from "./KeysPart";
import { ProfilePart } from "./ProfilePart";
import { SessionsPart } from "./SessionsPart";
import { WebhooksPart } from "./WebhooksPart";

const PARTS = [
  ["profile", words.account.profile],
  ["choices", words.account.choices],
  ["sessions", words.account.sessions],
  ["keys", words.account.keys],
  ["webhooks", words.account.webhooks],
  ["activity", words.account.activity],
  ["export", words.account.export],
  ["delete", words.account.delete],
] as const;

/** Everything that is held of a person, and everything that they may do about it. */
export function AccountPage() {
  return (
    <div className="account">
      <h1>{words.account.title}</h1>
      <div className="beside">
        <nav aria-label={words.account.contents}>
          <ul className="beside-contents">{PARTS.map(([id, title]) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}</ul>
        </nav>
        <div className="beside-parts">
          <ProfilePart />
          <ChoicesPart />
          <SessionsPart />
          <KeysPart />
          <WebhooksPart />
          <ActivityPart />
          <ExportPart />
          <DeletePart />
        </div>
      </div>
    </div>
  );
}

import { ActivityPart } from "./ActivityPart";
import { ChoicesPart } from "./ChoicesPart";
import { DeletePart } from "./DeletePart";
import { ExportPart } from "./ExportPart";
import { KeysPart } from "./KeysPart";
import { ProfilePart } from "./ProfilePart";
import { SessionsPart } from "./SessionsPart";
import { WebhooksPart } from "./WebhooksPart";

const PARTS = [
  ["profile", "Profile"],
  ["choices", "Choices"],
  ["sessions", "Sessions"],
  ["keys", "Keys for programs"],
  ["webhooks", "Webhooks"],
  ["activity", "Activity"],
  ["export", "Export"],
  ["delete", "Delete account"],
] as const;

/** Everything that is held of a person, and everything that they may do about it. */
export function AccountPage() {
  return (
    <div className="account">
      <h1>Your account</h1>
      <nav aria-label="On this page">
        <ul className="account-contents">{PARTS.map(([id, title]) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}</ul>
      </nav>
      <ProfilePart />
      <ChoicesPart />
      <SessionsPart />
      <KeysPart />
      <WebhooksPart />
      <ActivityPart />
      <ExportPart />
      <DeletePart />
    </div>
  );
}

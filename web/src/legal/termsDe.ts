import { OPERATOR } from "./operator";
import { PROMISE } from "./promise";
import type { Part } from "./text";

/** The terms in German, part by part like the English ones. */
export const termsDe: readonly Part[] = [
  {
    id: "what",
    title: "Was Sie bekommen",
    body: [
      "ImageTo3D macht aus einem Foto ein 3D-Modell. Die Form wird aus dem berechnet, was das Foto zeigt, und geschätzt, wo es nichts zeigt; sie kann also vom wirklichen Gegenstand abweichen. Sehen Sie sich ein Modell an, bevor Sie sich darauf verlassen.",
      `Zum Anmelden brauchen Sie ein Google-Konto, und Sie müssen mindestens ${PROMISE.min_age} Jahre alt sein.`,
    ],
  },
  {
    id: "yours",
    title: "Ihre Fotos und Modelle bleiben Ihre",
    body: [
      "Wir erhalten daran kein Recht über das hinaus, was nötig ist, um sie zu machen, zu speichern und Ihnen zu zeigen. Wir trainieren nichts damit. Ihre Modelle dürfen Sie nutzen, wozu Sie wollen, auch gegen Geld.",
    ],
  },
  {
    id: "upload",
    title: "Was Sie hochladen dürfen",
    body: [
      "Fotos, die Sie gemacht haben oder nutzen dürfen, von Dingen, die Sie nachbilden dürfen. Bitte lassen Sie weg:",
      [
        "was dort, wo Sie sind, gegen das Gesetz oder gegen die Rechte anderer verstößt, etwa Urheberrecht oder ein geschütztes Design;",
        "Menschen, die dem nicht zugestimmt haben, und Kinder;",
        "Waffen und ihre Teile, und alles, was gemacht ist, um jemanden zu verletzen, zu täuschen oder zu belästigen.",
      ],
      "Greifen Sie den Dienst nicht an, überlasten Sie ihn nicht, und nutzen Sie nicht mehrere Konten, um freies Guthaben mehr als einmal zu bekommen. Die Grenzen stehen in der Datenschutzerklärung.",
    ],
  },
  {
    id: "credits",
    title: "Guthaben",
    body: [
      "Ein Modell kostet einen Guthabenpunkt. Er wird zurückgelegt, wenn Sie es verlangen, und genommen, wenn das Modell fertig ist; wird keines daraus, kommt er zurück.",
      "Preise sehen Sie vor dem Bezahlen, und Stripe nimmt die Zahlung an. Guthaben verfällt nicht, solange Sie ein Konto haben. Es lässt sich nicht weitergeben oder in Geld tauschen und endet, wenn das Konto gelöscht wird.",
      "Ein Monatsplan verlängert sich, bis Sie ihn unter Guthaben kündigen; er läuft dann bis zum Ende des bezahlten Monats.",
    ],
  },
  {
    id: "refunds",
    title: "Erstattungen",
    body: [
      "Schreiben Sie uns binnen 14 Tagen nach einem Kauf, und Sie bekommen das Geld für Guthaben zurück, das Sie nicht verbraucht haben. Hat der Dienst etwas falsch gemacht, geben wir das Guthaben zurück, das es gekostet hat, ohne Frist. Was Ihnen das Gesetz als Verbraucher gibt, bleibt davon unberührt.",
      "Wird ein Kauf erstattet oder angefochten, geht sein Guthaben ab. Ist es schon verbraucht, hat das Konto eine Schuld, die der nächste Kauf zuerst begleicht.",
    ],
  },
  {
    id: "end",
    title: "Gehen, und gebeten werden zu gehen",
    body: [
      `Sie können Ihr Konto jederzeit löschen; es geschieht nach ${PROMISE.grace_days} Tagen, in denen Sie es sich anders überlegen können.`,
      "Verstößt jemand gegen diese Bedingungen, können wir das Konto sperren. Ein gesperrtes Konto macht keine neuen Modelle und kauft nichts, aber wem es gehört, der kann weiterhin ansehen, herunterladen, mitnehmen und löschen, was darin ist, und uns deswegen schreiben. Bezahltes und nicht verbrauchtes Guthaben wird erstattet, außer es wurde durch Betrug bezahlt.",
    ],
  },
  {
    id: "liability",
    title: "Was wir zusagen und was nicht",
    body: [
      "Wir betreiben den Dienst mit Sorgfalt, aber er kann ausfallen, langsam sein oder sich irren, und wir können nicht zusagen, dass ein Modell Ihrem Zweck genügt. Behalten Sie von Modellen, die Ihnen wichtig sind, eine Kopie.",
      "Soweit das Gesetz es erlaubt, gibt es den Dienst ohne Gewähr, und wir haften nur für Vorsatz und grobe Fahrlässigkeit, für Schäden an Leben und Gesundheit und für Pflichten, ohne die der Dienst keinen Sinn hätte, dann bis zu dem Schaden, der vorherzusehen war. Rechte, die das Gesetz uns nicht beschränken lässt, bleiben, wie sie sind.",
    ],
  },
  {
    id: "changes",
    title: "Wenn sich diese Bedingungen ändern",
    body: [
      "Das Datum oben ist der Tag der letzten Änderung. Wir schreiben Ihnen, bevor eine Änderung gilt, und bitten Sie auf der Seite um Ihre Zustimmung. Stimmen Sie nicht zu, können Sie das Konto löschen, und bezahltes, nicht verbrauchtes Guthaben wird erstattet.",
    ],
  },
  {
    id: "law",
    title: "Recht",
    body: [
      `Für diese Bedingungen gilt ${OPERATOR.law.de}. Sind Sie Verbraucher, bleibt Ihnen der Schutz des Rechts an Ihrem Wohnort. Sollte hier ein Satz nicht gelten, gelten die übrigen.`,
    ],
  },
];

import { PROMISE } from "./promise";
import type { PrivacyTexts } from "./text";

export const privacyDe: PrivacyTexts = {
  short: {
    id: "short",
    title: "In Kürze",
    body: [[
      "Ihre Fotos und Modelle dienen dazu, Ihre Modelle zu machen, und sonst zu nichts. Kein Modell lernt daraus.",
      "Wir verkaufen keine personenbezogenen Daten und geben keine zu Werbezwecken weiter; es gibt keine Werbung und keine Verfolgung.",
      "Sie können alles selbst ansehen, berichtigen, mitnehmen und löschen, in Ihrem Konto.",
      `Der Dienst ist für Menschen ab ${PROMISE.min_age} Jahren.`,
    ]],
  },
  held: {
    id: "held",
    title: "Was wir speichern, warum und wie lange",
    body: [
      "Diese Liste folgt derselben Tabelle in unserem Programm, die festlegt, wie lange etwas bleibt; beides kann also nicht auseinanderlaufen.",
      "Beim Anmelden nennt uns Google Ihren Namen, Ihre E-Mail-Adresse und eine Nummer, die dort für Sie steht. Das Bild übernehmen wir nicht.",
      "Was hier steht, nutzen wir, um Ihnen den Dienst zu bieten und ihn am Laufen zu halten, aus Ihren Fotos Modelle zu machen, Zahlungen anzunehmen, Ihnen wegen Ihres Kontos zu schreiben, den Dienst zu verbessern, wenn Sie es erlauben, Missbrauch zu bemerken und zu tun, was das Gesetz verlangt. Andere Zwecke gibt es nicht.",
    ],
  },
  processors: {
    id: "processors",
    title: "Wer uns hilft",
    body: ["Diese Unternehmen arbeiten für uns oder erhalten, was ihr Teil braucht. Sonst erhält niemand etwas, außer ein Gericht oder eine Behörde ordnet es an."],
  },
  rights: { id: "rights", title: "Ihre Rechte", body: ["Wer Sie auch sind und wo Sie auch leben: Sie haben alle diese Rechte."] },
  cookies: {
    id: "cookies",
    title: "Cookies",
    body: [
      "Diese beiden Cookies braucht das Anmelden; das Gesetz verlangt dafür keine Einwilligung, und Sie sehen keinen Cookie-Hinweis. Beide werden nur verschlüsselt gesendet (Secure), sind für Skripte unerreichbar (HttpOnly), gehen nicht mit, wenn eine andere Seite im Hintergrund anfragt (SameSite=Lax), und gelten nur für diese Seite.",
      "Ihr Browser behält außerdem die eigenen Dateien der Seite (Seite, Skripte, Gestaltung und Bilder), damit sie ohne Netz aufgeht und das sagen kann. Sie sind für alle gleich und enthalten nichts über Sie: kein Foto, kein Modell, nichts aus Ihrem Konto.",
      "Sonst wird in Ihrem Browser nichts gespeichert: kein lokaler Speicher, keine Datenbank, kein Fingerabdruck. Kein Skript, keine Schrift und kein Bild eines anderen Unternehmens wird geladen. Google und Stripe setzen eigene Cookies nur auf ihren eigenen Seiten, wenn Sie sich anmelden oder bezahlen.",
    ],
  },
  limits: {
    id: "limits",
    title: "Grenzen gegen Missbrauch",
    body: ["Damit niemand den Dienst überrennen kann, zählen wir, wie oft etwas verlangt wird. Jenseits einer Grenze sagt der Dienst, wann es wieder geht; sonst geschieht nichts."],
  },
  rest: [
    {
      id: "safe",
      title: "Wie es geschützt wird",
      body: [
        "Alles wird verschlüsselt übertragen und verschlüsselt gespeichert. Fotos und Modelle liegen in privaten Speichern; ein Link zu einer Datei gilt fünf Minuten, und nur Sie können einen verlangen.",
        "Karten werden auf der Seite von Stripe eingegeben und erreichen uns nie. Technische Protokolle enthalten keinen Namen, keine E-Mail-Adresse, keine IP-Adresse und keinen Inhalt.",
        `Jede Anmeldung, jeden Kauf, jede Kopie und jede Löschung sehen Sie in Ihrem Konto unter Aktivität, und jede Sitzung können Sie dort beenden. Sicherungskopien enden von selbst nach ${PROMISE.backup_days} Tagen.`,
      ],
    },
    {
      id: "age",
      title: `Ab ${PROMISE.min_age} Jahren`,
      body: [
        `Der Dienst ist nicht für Menschen unter ${PROMISE.min_age}. Wir fragen einmal, vor allem anderen, nach Ihrer Altersgruppe und behalten nur die Antwort „${PROMISE.min_age} oder älter“. Ist die Antwort nein, werden Sie sofort abgemeldet, und das Konto wird binnen Minuten gelöscht. Wenn Sie glauben, dass ein Kind den Dienst nutzt, schreiben Sie uns, und wir löschen das Konto.`,
      ],
    },
    {
      id: "changes",
      title: "Wenn sich diese Erklärung ändert",
      body: [
        "Das Datum oben ist der Tag der letzten Änderung. Wir schreiben Ihnen, bevor eine Änderung gilt, und die Seite zeigt beim nächsten Besuch, was neu ist. Wenn Sie nicht einverstanden sind, können Sie eine Kopie Ihrer Daten mitnehmen und das Konto löschen.",
      ],
    },
  ],
  bases: {
    contract: "Vertrag: ohne das könnten wir Ihnen den Dienst nicht bieten (Art. 6 Abs. 1 Buchst. b DSGVO)",
    legal_duty: "Rechtliche Pflicht (Art. 6 Abs. 1 Buchst. c DSGVO)",
    legitimate_interest: "Berechtigtes Interesse an einem Dienst, der sicher ist und läuft (Art. 6 Abs. 1 Buchst. f DSGVO)",
    consent: "Ihre Einwilligung, die Sie jederzeit widerrufen können (Art. 6 Abs. 1 Buchst. a DSGVO)",
  },
  processorWords: {
    "Amazon Web Services": { does: "Betreibt Rechner, Speicher und Mail", gets: "Alles aus der Tabelle oben, verschlüsselt, wo es liegt", place: "Die Region, die der Betreiber gewählt hat" },
    Google: { does: "Meldet Sie an", gets: "Dass Sie sich hier anmelden", place: "Nach Googles eigenen Bedingungen" },
    Stripe: { does: "Nimmt Zahlungen an", gets: "Ihre E-Mail-Adresse und was Sie kaufen; Ihre Karte sieht nur Stripe", place: "Nach den eigenen Bedingungen von Stripe" },
  },
  limited: {
    "sign-in": "Anmeldungen",
    upload: "gesendete Fotos",
    create: "verlangte Modelle",
    "key-create": "verlangte Modelle",
    stream: "live verfolgte Modelle",
    checkout: "begonnene Käufe",
    shared: "Blicke auf Modelle, die mit einem Link geteilt sind",
    export: "Kopien Ihrer Daten",
    webhook: "Änderungen an Webhooks",
    "webhook-send": "von Hand gesendete Nachrichten an Webhooks",
  },
  from: { person: "für eine Person", address: "von einer IP-Adresse", key: "mit einem API-Schlüssel" },
  limit: (most, what, span, from) => `Höchstens ${most} ${what} in ${span} ${from}.`,
  rightList: [
    {
      name: "Auskunft: wissen, was über Sie gespeichert ist",
      law: "Art. 15 DSGVO; right to know, CCPA",
      how: `Verlangen Sie eine Kopie. Sie enthält alles aus der Liste oben, was Ihres ist, in Dateien, die Menschen und Programme lesen können, und lässt sich ${PROMISE.export_days} Tage lang herunterladen.`,
      link: { to: "/account#export", label: "Kopie holen" },
    },
    {
      name: "Berichtigung",
      law: "Art. 16 DSGVO; right to correct, CCPA",
      how: "Ändern Sie Ihren Namen im Konto. Die E-Mail-Adresse kommt von Google: Ändern Sie sie dort, und sie ändert sich hier beim nächsten Anmelden.",
      link: { to: "/account#profile", label: "Namen berichtigen" },
    },
    {
      name: "Löschung",
      law: "Art. 17 DSGVO; right to delete, CCPA",
      how: `Löschen Sie ein Modell, mehrere oder Ihr ganzes Konto. Ein Konto, das gelöscht werden soll, lässt sich ${PROMISE.grace_days} Tage lang retten; dann geht alles, außer was nach der Liste oben das Gesetz zu behalten verlangt.`,
      link: { to: "/account#delete", label: "Konto löschen" },
    },
    {
      name: "Übertragbarkeit: anderswohin mitnehmen",
      law: "Art. 20 DSGVO",
      how: "Die Kopie ist eine ZIP-Datei: JSON mit beschriebenem Aufbau, Ihre Fotos, wie Sie sie gesendet haben, und Ihre Modelle als GLB, das jedes 3D-Programm öffnet.",
      link: { to: "/account#export", label: "Kopie holen" },
    },
    {
      name: "Widerspruch",
      law: "Art. 21 DSGVO",
      how: "Die Nutzung wird nur ausgewertet, wenn Sie es eingeschaltet haben; schalten Sie es aus, oder lassen Sie Ihren Browser Global Privacy Control senden. Um dem zu widersprechen, was wir für die Sicherheit des Dienstes speichern, schreiben Sie uns.",
      link: { to: "/account#choices", label: "Ihre Einstellungen" },
    },
    {
      name: "Widerruf einer Einwilligung",
      law: "Art. 7 Abs. 3 DSGVO",
      how: "Jede Wahl ist ein Schalter: aus, bis Sie ihn einschalten, und mit einem Klick wieder aus. Was vorher geschah, bleibt rechtmäßig; danach geschieht nichts mehr.",
      link: { to: "/account#choices", label: "Ihre Einstellungen" },
    },
    {
      name: "Einschränkung",
      law: "Art. 18 DSGVO",
      how: "Wenn Sie bezweifeln, dass etwas richtig oder rechtmäßig ist, schreiben Sie uns, und wir behalten es, ohne es zu nutzen, bis das geklärt ist.",
      link: null,
    },
    {
      name: "Kein Verkauf, keine Weitergabe (opt-out)",
      law: "CCPA",
      how: "Wir verkaufen keine personenbezogenen Daten und geben keine weiter, auch nicht in den letzten zwölf Monaten; es gibt also nichts abzuwählen. Global Privacy Control wird trotzdem beachtet: Damit wird keine Nutzung ausgewertet.",
      link: null,
    },
    {
      name: "Kein Nachteil",
      law: "CCPA",
      how: "Wer diese Rechte nutzt, bekommt denselben Dienst zum selben Preis. Keine Entscheidung mit rechtlicher Wirkung trifft eine Maschine allein.",
      link: null,
    },
    {
      name: "Beschwerde",
      law: "Art. 77 DSGVO",
      how: "Schreiben Sie gern zuerst uns. Beschweren können Sie sich immer bei der Datenschutzbehörde des Ortes, an dem Sie leben oder arbeiten.",
      link: null,
    },
  ],
  cookieList: [
    { name: "__Host-session", purpose: "Hält Sie angemeldet. Er enthält eine signierte Nummer Ihrer Sitzung und nichts über Sie.", lasts: "Bis Sie sich abmelden; höchstens 30 Tage" },
    { name: "__Host-oauth", purpose: "Schützt das Anmelden selbst, damit Ihnen niemand ein anderes unterschieben kann.", lasts: "Während des Anmeldens; höchstens 10 Minuten" },
  ],
  heads: {
    why: "Wozu", basis: "Auf welcher Grundlage", howLong: "Wie lange", onDeletion: "Wenn Sie Ihr Konto löschen", inCopy: "In der Kopie zum Herunterladen",
    yes: "Ja", no: "Nein", whatFor: "Wofür", gets: "Was es erhält", where: "Wo",
  },
};

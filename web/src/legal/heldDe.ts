import type { ByName, HeldWords } from "./text";

/** What is held, in German. `of` names the English words that were translated: if those change, a test asks to read them again. */
export const HELD_DE: ByName<HeldWords & { readonly of: string }> = {
  profile: {
    of: "ea9735a7", what: "Ihr Name, Ihre E-Mail-Adresse und Ihre Nummer bei Google (kein Bild), und der Name, den Sie stattdessen angeben",
    purpose: "Um Sie wiederzuerkennen und Ihnen wegen Ihres Kontos zu schreiben", kept: "Solange Sie ein Konto haben", on_deletion: "Wird gelöscht",
  },
  consents: {
    of: "f3675fa1", what: "Wozu Sie eingewilligt, was Sie gewählt und was Sie widerrufen haben, mit Fassung und Zeit",
    purpose: "Um es zu belegen und zu beachten", kept: "Solange Sie ein Konto haben", on_deletion: "Wird gelöscht",
  },
  photos: {
    of: "850f3431", what: "Fotos, die Sie hochladen",
    purpose: "Um Modelle daraus zu machen", kept: "Bis Sie das Modell löschen; einen Tag, wenn kein Modell verlangt wurde", on_deletion: "Wird gelöscht, alle Versionen",
  },
  uploads: {
    of: "4f3d7bd8", what: "Die Liste dessen, was Sie hochgeladen haben",
    purpose: "Um Fotos und Modelle zu verbinden", kept: "Bis Sie das Modell löschen; einen Tag, wenn kein Modell verlangt wurde", on_deletion: "Wird gelöscht",
  },
  models: {
    of: "3aa403fc", what: "Modelle, ihre Bilder und Berichte",
    purpose: "Damit Sie sie ansehen und herunterladen können", kept: "Bis Sie sie löschen", on_deletion: "Wird gelöscht, alle Versionen",
  },
  generations: {
    of: "11c1efce", what: "Ihr Verlauf: welche Modelle Sie verlangt haben, wann, mit welchen Einstellungen, was daraus wurde, und die Namen, Stichwörter und Links für andere, die Sie ihnen gegeben haben",
    purpose: "Damit Sie sie wiederfinden", kept: "Bis Sie sie löschen; 30 Tage länger ohne Foto, Modell und Dateien, für Fragen zum Guthaben", on_deletion: "Wird gelöscht",
  },
  wishes: {
    of: "9910624e", what: "Schlüssel, mit denen eine Anfrage, die zweimal gesendet wird, einmal zählt",
    purpose: "Damit nichts zweimal berechnet wird", kept: "Einen Tag", on_deletion: "Wird gelöscht",
  },
  books: {
    of: "10339157", what: "Gekauftes, verbrauchtes und zurückgegebenes Guthaben; Zahlungen mit Betrag, Währung, Zeit und der Nummer bei Stripe; nie eine Karte",
    purpose: "Um Ihr Konto zu führen, und weil das Gesetz die Bücher eines Unternehmens verlangt", kept: "Solange das Gesetz es verlangt, höchstens zehn Jahre",
    on_deletion: "Bleibt unter einer Nummer, die nicht mehr zu Ihnen führt; die Verbindung zu Stripe wird gelöscht, dort und hier",
  },
  stripe_events: {
    of: "ee193147", what: "Dass Stripe uns eine Zahlung gemeldet hat (ihre Nummer, kein Inhalt)",
    purpose: "Damit keine Zahlung zweimal zählt", kept: "90 Tage", on_deletion: "Endet von selbst; führt zu niemandem",
  },
  audit: {
    of: "9a78c5bb", what: "Was Betreiber des Dienstes von Hand getan haben, etwa Guthaben gegeben; von Ihnen nur ein Hash Ihrer Nummer",
    purpose: "Damit wir dafür einstehen können", kept: "400 Tage", on_deletion: "Endet von selbst; führt zu niemandem für den, der Ihre Nummer nicht kennt",
  },
  sessions: {
    of: "bd9de1d4", what: "Wo Sie angemeldet sind: IP-Adresse, Browser, System, Zeit der letzten Nutzung",
    purpose: "Damit Sie angemeldet bleiben und sehen, wer es ist", kept: "Bis Sie sich abmelden; 7 Tage ohne Nutzung, höchstens 30 Tage", on_deletion: "Wird gelöscht",
  },
  api_keys: {
    of: "365ac003", what: "Schlüssel, die Sie für Programme gemacht haben: Name, Rechte, Grenzen, wann gemacht und zuletzt genutzt; vom Schlüssel selbst nur ein Hash",
    purpose: "Damit Ihre Programme für Sie arbeiten können und Sie sie widerrufen können", kept: "Bis Sie sie widerrufen oder sie enden", on_deletion: "Wird gelöscht",
  },
  api_key_hashes: {
    of: "9b0f5688", what: "Welcher Hash eines Schlüssels wem gehört",
    purpose: "Um ein Programm an seinem Schlüssel zu erkennen", kept: "Bis Sie den Schlüssel widerrufen oder er endet", on_deletion: "Wird gelöscht",
  },
  webhooks: {
    of: "0f36fc9f", what: "Webhooks, die Sie gemacht haben: Adresse, wovon sie hören, wie es um sie steht; und das Geheimnis, mit dem wir signieren, was wir senden",
    purpose: "Um Ihren Programmen zu sagen, was aus Ihren Modellen wurde", kept: "Bis Sie sie löschen", on_deletion: "Wird gelöscht",
  },
  webhook_deliveries: {
    of: "3e0a7787", what: "Was Ihren Webhooks gesagt wurde, und jeder Versuch: Zeit, Status, Dauer; nie, was sie geantwortet haben",
    purpose: "Um es noch einmal zu versuchen, und damit Sie es sehen und wiederholen können", kept: "30 Tage", on_deletion: "Wird gelöscht",
  },
  activity: {
    of: "76cd3225", what: "Anmeldungen, Käufe, Kopien, Löschungen und Änderungen, mit IP-Adresse, Browser, System und Zeit",
    purpose: "Damit Sie und wir Missbrauch bemerken", kept: "90 Tage", on_deletion: "Wird gelöscht",
  },
  usage: {
    of: "c05f0e22", what: "Welche Seiten Sie nutzen und wann, wenn Sie es erlauben",
    purpose: "Um zu sehen, was besser werden muss", kept: "90 Tage", on_deletion: "Wird gelöscht",
  },
  exports: {
    of: "f71256f6", what: "Kopien, die Sie verlangt haben",
    purpose: "Damit Sie sie herunterladen können", kept: "7 Tage", on_deletion: "Wird gelöscht",
  },
  export_requests: {
    of: "fddf8096", what: "Dass Sie eine Kopie verlangt haben",
    purpose: "Um sie zu machen", kept: "7 Tage", on_deletion: "Wird gelöscht",
  },
  mails: {
    of: "d7696877", what: "Mails an Sie, die darauf warten, gesendet zu werden",
    purpose: "Um sie zu senden", kept: "Bis sie gesendet sind, höchstens 2 Tage", on_deletion: "Wird gelöscht",
  },
  limits: {
    of: "952d498c", what: "Wie oft Sie oder Ihre IP-Adresse in den letzten Minuten oder Stunden etwas verlangt haben",
    purpose: "Um Missbrauch zu verhindern", kept: "Höchstens einen Tag", on_deletion: "Endet von selbst binnen eines Tages",
  },
  deletion: {
    of: "dfbc5133", what: "Dass Sie die Löschung Ihres Kontos verlangt haben",
    purpose: "Um die Tage abzuwarten, in denen Sie es zurücknehmen können, und es dann zu tun", kept: "7 Tage, bis es getan ist",
    on_deletion: "Ersetzt durch einen Hash, der ohne Ihre Nummer zu niemandem führt, für 90 Tage, damit keine Sicherungskopie Sie zurückbringt",
  },
  tombstones: {
    of: "f99e10e3", what: "Hashes der Nummern eines gelöschten Kontos, bei uns und bei Google",
    purpose: "Damit eine zurückgespielte Sicherungskopie wieder bereinigt werden kann und es freies Guthaben nur einmal gibt", kept: "90 Tage", on_deletion: "Endet von selbst",
  },
  logs: {
    of: "947b6814", what: "Technische Protokolle: Weg, Zeit, Ergebnis und Dauer; kein Name, keine E-Mail-Adresse, keine IP-Adresse, kein Inhalt",
    purpose: "Um den Dienst am Laufen zu halten", kept: "30 Tage", on_deletion: "Enden von selbst",
  },
  backups: {
    of: "28e30842", what: "Sicherungskopien der Tabellen, und alte Versionen gelöschter Fotos und Modelle",
    purpose: "Damit ein Fehler von uns nichts verliert", kept: "35 Tage", on_deletion: "Enden von selbst; alte Versionen dessen, was Sie löschen, werden sofort gelöscht",
  },
};

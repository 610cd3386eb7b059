import { locale, words } from "./words";

// Made once: making one takes longer than all that it writes on a page.
const TENTHS = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const COUNT = new Intl.NumberFormat(locale);
const LONG_DAY = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
const LONG_UTC_DAY = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const LIST = new Intl.ListFormat(locale);
const MOMENT = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** Bytes as people say them: 812 B, 48 KB, 2.4 MB (1 MB = 1024 KB, as the limit of 10 MB is meant). */
export function sizeText(bytes: number): string {
  if (bytes < 1024) {
    return `${bytes} B`;
  }
  const kb = bytes / 1024;
  const mb = kb / 1024;
  return kb < 1024 ? `${Math.round(kb)} KB` : mb < 1024 ? `${tenths(mb)} MB` : `${tenths(mb / 1024)} GB`;
}

function tenths(count: number): string {
  return TENTHS.format(count);
}

const SPANS = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]] as const;

/** A span of time in the largest unit that it fills, rounded up: 45 seconds, 10 minutes, 1 hour, 90 days. */
export function spanText(seconds: number): string {
  const [unit, size] = SPANS.find(([, size]) => seconds >= size) ?? ["second", 1] as const;
  return words.format[unit](Math.max(1, Math.ceil(seconds / size)));
}

/** A day in full, from RFC 3339: 2 December 2026. A moment is told in the reader's own time zone; a date is the same everywhere. */
export function dateText(instant: string): string {
  const isDate = instant.length === "2026-12-02".length;
  return (isDate ? LONG_UTC_DAY : LONG_DAY).format(new Date(instant));
}

/** A whole number with separators: 12,480. */
export function countText(count: number): string {
  return COUNT.format(count);
}

/** A running time: 0:07, 2:31. Never negative: the clocks of two machines differ. */
export function elapsedText(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
}

/** A moment in the reader's own time zone: 23 Nov 2026, 19:04. */
export function momentText(instant: string): string {
  return MOMENT.format(new Date(instant));
}

/** `1 credit`, `4 credits`. */
export function creditsText(credits: number): string {
  return words.format.credits(credits, countText(credits));
}

/** Money from the currency's smallest unit: €5.00, ¥750. */
export function moneyText(minor: number, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A change with its sign: +20, −1, 0. */
export function signedText(change: number): string {
  return change === 0 ? "0" : `${change > 0 ? "+" : "−"}${countText(Math.abs(change))}`;
}

/** A day from seconds since 1970, in the reader's own time zone: 23 Nov 2026. */
export function dayText(seconds: number): string {
  return DAY.format(new Date(seconds * 1000));
}

/** Things in a row: see, make and delete. */
export function listText(things: readonly string[]): string {
  return LIST.format(things);
}

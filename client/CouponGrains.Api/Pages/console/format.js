// Figures for people.
import { language } from './words.js';

const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const digits = currency =>
  new Intl.NumberFormat(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;

export const count = value => whole.format(value);
export const brief = value =>
  Math.abs(value) < 10_000 ? number(value, Math.abs(value) < 10 ? 2 : 0) : short.format(value);
export const number = (value, most = 3) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: most }).format(value);
export const fixed = (value, places = 3) => (value === null || value === undefined ? '–' : value.toFixed(places));
export const percent = (share, places = 1) =>
  share === null || share === undefined || Number.isNaN(share)
    ? '–'
    : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: places }).format(share);

/** An amount in the unit that people count in. */
export const major = (minor, currency) => minor / 10 ** digits(currency);

/** The amount that a person wrote, in minor units. */
export const minor = (text, currency) => Math.round(Number(text) * 10 ** digits(currency));

export const money = amount =>
  amount
    ? new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: amount.currency,
        currencyDisplay: 'narrowSymbol',
      }).format(major(amount.minor, amount.currency))
    : '–';

/** For axes: no more digits than it takes. */
export const coins = currency => value =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: Math.abs(value) < 10 && value % 1 ? 2 : 0,
    minimumFractionDigits: 0,
    notation: Math.abs(value) >= 10_000 ? 'compact' : 'standard',
  }).format(value);

const dates = options => instant => new Intl.DateTimeFormat(locale, options).format(new Date(instant));

/** A day of UTC, as reports count. */
export const utcDay = dates({ day: 'numeric', month: 'short', timeZone: 'UTC' });
export const utcDate = dates({ dateStyle: 'medium', timeZone: 'UTC' });
export const day = dates({ dateStyle: 'medium' });
export const moment = dates({ dateStyle: 'medium', timeStyle: 'short' });
export const clock = dates({ timeStyle: 'medium' });

/** How long ago, in the largest unit that fits. */
export function ago(instant) {
  const seconds = (new Date(instant) - Date.now()) / 1000;
  const [size, unit] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ].find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

export const bytes = size =>
  size < 1e6
    ? `${number(size / 1e3, 1)} kB`
    : size < 1e9
      ? `${number(size / 1e6, 1)} MB`
      : `${number(size / 1e9, 1)} GB`;

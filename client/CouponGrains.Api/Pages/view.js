// Draws what the API answers. Text goes in as text, never as markup.

/** An element with attributes and children; falsy children are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter(child => child || child === 0).map(child => child instanceof Node ? child : String(child)));
  return element;
}

export const count = value => Number(value).toLocaleString();

export function money(amount) {
  if (!amount) return '';
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: amount.currency });
  return format.format(amount.minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export const day = instant => new Date(instant).toLocaleDateString(undefined, { dateStyle: 'medium' });

const word = text => text.replaceAll('_', ' ');

export function tiles(entries) {
  return entries.map(([name, value, note]) => el('div', {}, el('dt', {}, name), el('dd', {}, value, note && el('small', {}, note))));
}

export function campaignRow({ campaign, use }) {
  const share = use && use.limit.minor > 0 ? use.spent.minor / use.limit.minor : 0;
  const budget = use
    ? [el('meter', { min: 0, max: 1, high: 0.9, value: share, 'aria-label': `Budget used by ${campaign.name}` }), ` ${money(use.spent)} of ${money(use.limit)}`]
    : money(campaign.budget);
  return el('tr', {},
    el('td', {}, campaign.name), el('td', {}, word(campaign.status)), el('td', {}, day(campaign.end)), el('td', {}, budget),
    el('td', { class: 'number' }, use ? count(use.issued) : '–'), el('td', { class: 'number' }, use ? count(use.redeemed) : '–'));
}

function bar(label, share, text) {
  const fill = el('i', { class: share < 0 ? 'minus' : undefined });
  fill.style.setProperty('--share', `${Math.min(100, Math.abs(share) * 100)}%`);
  return el('li', {}, el('span', { title: label }, label), el('div', { class: 'track', 'aria-hidden': 'true' }, fill), el('span', { class: 'number' }, text));
}

const plain = text => el('li', { class: 'plain' }, el('span', { title: text }, text));

/** A reason: a bar beside those of its kind, or words alone. */
function because(reason, reasons) {
  if (reason.kind !== 'past_item' && reason.kind !== 'feature') return plain(reason.text);
  // Bars compare single items, or features; the sum of all others is told as a number and would dwarf them.
  const named = one => one.kind === reason.kind && (one.item || one.kind === 'feature');
  const strongest = Math.max(...reasons.filter(named).map(one => Math.abs(one.contribution)), 1e-9);
  return bar(reason.text, named(reason) ? reason.contribution / strongest : 0, reason.contribution.toFixed(3));
}

const facts = pairs => el('dl', { class: 'facts' }, pairs.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

export function profile(user, titles) {
  const categories = Object.entries(user.categories).sort((a, b) => b[1].count - a[1].count).slice(0, 6);
  const most = categories[0]?.[1].count ?? 1;
  const kinds = Object.entries(user.kinds).map(([kind, activity]) => `${count(activity.count)} ${word(kind)}`).join(', ');
  const parts = [facts([
    ['User', user.id], ['Orders', count(user.orders)], ['Spent', user.spent.map(money).join(' + ') || '–'],
    ...Object.entries(user.attributes).map(([name, value]) => [word(name), value]),
    ['Personalised', user.consent ? 'yes' : 'no, the user objected'],
  ])];
  if (kinds) parts.push(el('h4', {}, 'Events'), el('p', { class: 'quiet' }, kinds));
  if (categories.length) {
    parts.push(el('h4', {}, 'Categories'), el('ul', { class: 'bars' }, categories.map(([name, a]) => bar(name, a.count / most, count(a.count)))));
  }
  if (user.recent.length) {
    parts.push(el('h4', {}, 'Latest'), el('ul', { class: 'bars' }, user.recent.slice(0, 6).map(event => el('li', {},
      el('span', {}, (event.item && titles.get(event.item)) || event.item || event.query || event.couponCode || event.offer || ''),
      el('span', { class: 'quiet' }, word(event.kind)), el('span', {}, '')))));
  }
  return parts;
}

/** An offer with its reasons; `before` is its place and score before the last event, if it had one. */
export function offer(ranked, place, before) {
  return el('li', { class: 'offer', 'data-offer': ranked.offer.id },
    el('header', {}, el('span', { class: 'rank' }, place + 1), el('b', {}, ranked.offer.title), movement(ranked, place, before)),
    el('ul', { class: 'bars' }, ranked.reasons.slice(0, 8).map(reason => because(reason, ranked.reasons))));
}

function movement(ranked, place, before) {
  const score = ranked.score.toFixed(4);
  if (!before) return el('span', { class: 'move' }, score);
  const change = ranked.score - before.score;
  const places = before.place - place;
  const text = `${places > 0 ? `▲${places} ` : places < 0 ? `▼${-places} ` : ''}${score}${change ? ` (${change > 0 ? '+' : ''}${change.toFixed(4)})` : ''}`;
  return el('span', { class: change > 0 ? 'move up' : change < 0 ? 'move down' : 'move' }, text);
}

export function coupon({ coupon: one, offer: what }, fresh, claim) {
  const open = one.state === 'issued' || one.state === 'claimed';
  return el('li', { class: `coupon${fresh ? ' new' : ''}${open ? '' : ' over'}`, 'data-code': one.code },
    el('b', {}, what.title), el('div', {}, el('code', {}, one.code)),
    el('footer', {},
      el('span', { class: 'quiet' }, open ? `${word(one.state)}, until ${day(one.expiresAt)}` : word(one.state)),
      one.state === 'issued' && el('button', { type: 'button', on: { click: () => claim(one) } }, 'Claim', el('span', { class: 'hidden' }, ` ${one.code}`))));
}

/** The worst index of each day as bars, oldest first; the lines say from where on it is worth a look, and another population. */
export function drift(days) {
  const [width, height, most] = [14, 36, 0.4];
  const shown = days.slice(0, 14).reverse();
  const svg = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const y = index => height - height * Math.min(1, index / most);
  const picture = svg('svg', {
    viewBox: `0 0 ${14 * width} ${height}`, class: 'drift', role: 'img',
    'aria-label': `Drift of ${shown.length} days: ${shown.map(one => `${day(one.day)} ${word(one.level)}`).join(', ')}`,
  });
  shown.forEach((one, place) => {
    const worst = Math.max(0, ...one.features.map(feature => feature.index ?? 0));
    picture.append(svg('rect', { x: place * width + 2, width: width - 4, y: Math.min(y(worst), height - 1), height: Math.max(1, height - y(worst)), class: one.level }));
  });
  for (const line of [0.1, 0.25]) picture.append(svg('line', { x1: 0, x2: 14 * width, y1: y(line), y2: y(line) }));
  return picture;
}

export const nothing = text => el('li', { class: 'empty' }, text);

// A shop's page on the HTTP API: a look at an item is an event, and the coupons that follow from it come by themselves.
// Where the host asks for keys it acts with the console's key or session, as a shop's own server would for its page.
import { get, listen, meet, part, send } from '/console/api.js';

const $ = id => document.getElementById(id);
const shown = new Set();
const wallet = new Map();
let user = null;
let here = new AbortController();
let looked = null;
let cursor = null;

function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== '') element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

async function attempt(action) {
  try {
    $('notice').hidden = true;
    await action();
  } catch (error) {
    $('notice').textContent = error.message;
    $('notice').hidden = false;
  }
}

function button(text, label, action) {
  const element = el('button', { type: 'button', 'aria-label': label }, text);
  element.addEventListener('click', () => attempt(action));
  return element;
}

function price(amount) {
  if (!amount) return '';
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: amount.currency });
  return format.format(amount.minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

async function stock() {
  const page = await get(`/items?limit=24${cursor ? `&cursor=${part(cursor)}` : ''}`);
  $('shelf').append(...page.data.map(item => el('li', { 'data-item': item.id },
    el('b', {}, item.title), el('span', { class: 'quiet' }, price(item.price)), button('Look at it', `Look at it: ${item.title}`, () => look(item)))));
  cursor = page.nextCursor;
  $('more').hidden = !page.hasMore;
}

async function look(item) {
  looked = { title: item.title, at: performance.now() };
  $('said').textContent = `You looked at ${item.title}.`;
  await send('POST', '/events', {
    id: crypto.randomUUID(), user, kind: 'view', item: item.id, at: new Date().toISOString(),
  });
}

const take = offer =>
  send('POST', '/publications', { user, campaign: offer.campaign, offer: offer.id, key: crypto.randomUUID() });

function showOffers(answer) {
  const first = shown.size === 0;
  const cards = answer.offers.map(({ offer, reasons }) => {
    const isNew = !first && !shown.has(offer.id);
    shown.add(offer.id);
    return el('li', { class: isNew ? 'offer new' : 'offer', 'data-offer': offer.id },
      el('b', {}, offer.title), el('p', {}, reasons.slice(0, 2).map(reason => reason.text).join('; ')),
      button('Take it', `Take it: ${offer.title}`, () => take(offer)));
  });
  $('offers').replaceChildren(...(cards.length ? cards : [el('li', { class: 'empty' }, 'No coupon for you now.')]));
  if (looked) {
    const after = Math.round(performance.now() - looked.at);
    $('offers').dataset.after = after;
    $('said').textContent = `After your look at ${looked.title}: other coupons, ${after} ms later.`;
    looked = null;
  }
}

function showWallet() {
  const cards = [...wallet.values()].reverse().map(({ coupon, offer }) => el('li', { class: 'coupon' },
    el('b', {}, offer.title), el('br', {}), el('code', {}, coupon.code)));
  $('wallet').replaceChildren(...(cards.length ? cards : [el('li', { class: 'empty' }, 'Nothing yet.')]));
}

/** What the user holds is asked for once the stream is open: what comes in between comes by the stream. */
async function hold() {
  const held = await get(`/users/${part(user)}/coupons?limit=100`, here.signal);
  held.data
    .filter(({ coupon }) => ['issued', 'claimed'].includes(coupon.state) && !wallet.has(coupon.code))
    .reverse()
    .forEach(entry => wallet.set(entry.coupon.code, entry));
  showWallet();
}

const follow = (path, hear) => listen(`/users/${part(user)}${path}`, here.signal, hear, isOpen => {
  if (isOpen) setLive('live', 'good');
  else setLive('reconnecting', 'bad');
});

function setLive(text, mood) {
  $('live').textContent = text;
  $('live').className = `state ${mood}`;
}

function comeIn(id) {
  here.abort();
  here = new AbortController();
  user = id;
  $('user').value = user;
  history.replaceState(null, '', `#user=${part(user)}`);
  shown.clear();
  wallet.clear();
  follow('/offers/stream?count=4', (name, answer) => name === 'offers' && showOffers(answer));
  follow('/coupons/stream', (name, push) => {
    if (name === 'ready') attempt(hold);
    if (name !== 'coupon') return;
    wallet.set(push.coupon.code, push);
    showWallet();
  });
}

$('pick').addEventListener('submit', event => {
  event.preventDefault();
  attempt(() => comeIn($('user').value.trim()));
});
$('more').addEventListener('click', () => attempt(stock));

await attempt(async () => {
  const who = await meet();
  if (who.keysRequired && !who.role && !who.scopes) {
    throw new Error('This host asks for a key or a sign-in: give it one in the console, then come back.');
  }

  const asked = new URLSearchParams(location.hash.slice(1)).get('user');
  comeIn(asked ?? `guest-${crypto.randomUUID().slice(0, 8)}`);
  await stock();
});

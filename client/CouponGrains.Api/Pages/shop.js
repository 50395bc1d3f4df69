// A shop's page on the HTTP API: a look at an item is an event, and the coupons that follow from it come by themselves.
const $ = id => document.getElementById(id);
const shown = new Set();
const wallet = new Map();
let user = null;
let streams = [];
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

async function api(path, { method = 'GET', body, key } = {}) {
  const headers = { ...(body && { 'content-type': 'application/json' }), ...(key && { 'idempotency-key': key }) };
  const answer = await fetch(`/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.detail ?? value.title);
  return value;
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
  const page = await api(`/items?limit=24${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
  $('shelf').append(...page.data.map(item => el('li', { 'data-item': item.id },
    el('b', {}, item.title), el('span', { class: 'quiet' }, price(item.price)), button('Look at it', `Look at it: ${item.title}`, () => look(item)))));
  cursor = page.nextCursor;
  $('more').hidden = !page.hasMore;
}

async function look(item) {
  looked = { title: item.title, at: performance.now() };
  $('said').textContent = `You looked at ${item.title}.`;
  await api('/events', { method: 'POST', body: { id: crypto.randomUUID(), user, kind: 'view', item: item.id, at: new Date().toISOString() } });
}

const take = offer => api('/publications', {
  method: 'POST', key: crypto.randomUUID(), body: { user, campaign: offer.campaign, offer: offer.id },
});

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

function listen(path, name, hear) {
  const stream = new EventSource(`/v1/users/${encodeURIComponent(user)}${path}`);
  stream.addEventListener('ready', () => setLive('live', 'good'));
  stream.addEventListener('error', () => setLive('reconnecting', 'bad'));
  stream.addEventListener(name, message => hear(JSON.parse(message.data)));
  return stream;
}

function setLive(text, mood) {
  $('live').textContent = text;
  $('live').className = `state ${mood}`;
}

async function comeIn(id) {
  streams.forEach(stream => stream.close());
  user = id;
  $('user').value = user;
  history.replaceState(null, '', `#user=${encodeURIComponent(user)}`);
  shown.clear();
  wallet.clear();
  const held = await api(`/users/${encodeURIComponent(user)}/coupons?limit=100`);
  held.data.filter(({ coupon }) => ['issued', 'claimed'].includes(coupon.state)).reverse().forEach(entry => wallet.set(entry.coupon.code, entry));
  showWallet();
  streams = [
    listen('/offers/stream?count=4', 'offers', showOffers),
    listen('/coupons/stream', 'coupon', push => { wallet.set(push.coupon.code, push); showWallet(); }),
  ];
}

$('pick').addEventListener('submit', event => {
  event.preventDefault();
  attempt(() => comeIn($('user').value.trim()));
});
$('more').addEventListener('click', () => attempt(stock));

await attempt(async () => {
  const asked = new URLSearchParams(location.hash.slice(1)).get('user');
  await Promise.all([stock(), comeIn(asked ?? `guest-${crypto.randomUUID().slice(0, 8)}`)]);
});

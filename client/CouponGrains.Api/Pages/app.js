// The first page: how the shop stands, and one user from behaviour to coupon, live.
import { campaignRow, count, coupon, drift, nothing, offer, profile, tiles } from './view.js';

const $ = id => document.getElementById(id);
const titles = new Map();
let user = null;
let ranking = new Map();
let stream = null;
const fresh = new Set();

async function api(path, { method = 'GET', body } = {}) {
  const answer = await fetch(`/v1${path}`, {
    method, headers: body ? { 'content-type': 'application/json' } : {}, body: body && JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.detail ?? value.title);
  return value;
}

/** A whole list, page by page. */
async function all(path) {
  const entries = [];
  for (let cursor = '', page = null; !page || page.hasMore; cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`) {
    page = await api(`${path}?limit=100${cursor}`);
    entries.push(...page.data);
  }
  return entries;
}

const at = id => `/users/${encodeURIComponent(id)}`;

/** Runs an action and shows what went wrong in words. */
async function attempt(action) {
  try {
    $('notice').hidden = true;
    await action();
  } catch (error) {
    $('notice').textContent = error.message;
    $('notice').hidden = false;
  }
}

async function refresh() {
  try {
    const [overview, models, campaigns, moved] = await Promise.all([
      api('/overview'), api('/models?limit=100'), all('/campaigns'), api('/models/drift')]);
    const inForce = models.data.find(model => model.version === models.current);
    const hit = inForce && inForce.metrics.users > 0 ? `${(inForce.metrics.hitRate10 * 100).toFixed(1)} %` : '–';
    $('overview').replaceChildren(...tiles([
      ['Events', count(overview.events)],
      ['Model in force', models.current ? `v${models.current}` : 'none', models.current ? `of ${models.data.length}${models.hasMore ? '+' : ''}` : 'ranked by popularity'],
      ['Hit rate at 10', hit, inForce && inForce.metrics.users > 0 ? `popularity ${(inForce.metrics.popularityHitRate10 * 100).toFixed(1)} %` : ''],
      ['Drift', moved.days.length ? drift(moved.days) : '–', driftNote(moved.days)],
      ['Refused or odd', count(Object.values(overview.feedback ?? {}).reduce((sum, one) => sum + one, 0)), feedbackNote(overview.feedback ?? {})],
      ['Campaigns', count(overview.campaigns), `${campaigns.filter(c => c.status === 'active').length} active`],
    ]));
    await showCampaigns(campaigns);
    setState('state', 'Connected', 'good');
  } catch {
    setState('state', 'No answer', 'bad');
  }
}

const words = text => text.replaceAll('_', ' ');

function driftNote(days) {
  if (!days.length) return 'no day was measured yet';
  const [{ level, calibration }] = days;
  return `today: ${words(level)}; ${calibration.issues ? `calibration error ${calibration.error.toFixed(3)}` : 'no issue is settled yet'}`;
}

function feedbackNote(feedback) {
  const most = Object.entries(feedback).sort((a, b) => b[1] - a[1])[0];
  return most ? `most: ${words(most[0])}` : 'since the silo began';
}

async function showCampaigns(all) {
  const shown = all.filter(campaign => $('archived').checked || campaign.status !== 'archived');
  const rows = await Promise.all(shown.map(async campaign => campaignRow(
    campaign.status === 'archived' ? { campaign } : await api(`/campaigns/${encodeURIComponent(campaign.id)}`))));
  $('campaigns').replaceChildren(...rows);
  if (!rows.length) {
    const row = document.createElement('tr');
    const cell = row.insertCell();
    cell.colSpan = 6;
    cell.textContent = 'No campaign yet.';
    $('campaigns').append(row);
  }
}

function setState(id, text, mood) {
  $(id).textContent = text;
  $(id).className = `state ${mood}`;
}

async function show(id) {
  const known = await api(at(id));
  user = known.id;
  ranking = new Map();
  fresh.clear();
  $('user').value = user;
  $('happened').textContent = '';
  history.replaceState(null, '', `#user=${encodeURIComponent(user)}`);
  $('person').hidden = false;
  listen();
  await Promise.all([showProfile(known), showOffers(), showWallet()]);
}

async function showProfile(known) {
  known ??= await api(at(user));
  const items = [...new Set(known.recent.map(event => event.item).filter(Boolean))].slice(0, 8);
  await Promise.all(items.map(learnTitle));
  $('profile').replaceChildren(...profile(known, titles));
  suggest(items);
}

async function learnTitle(item) {
  if (titles.has(item)) return;
  try {
    titles.set(item, (await api(`/items/${encodeURIComponent(item)}`)).item.title);
  } catch {
    titles.set(item, item);
  }
}

function suggest(items) {
  $('items').replaceChildren(...items.map(item => new Option(titles.get(item), item)));
  if (!$('item').value && items.length) $('item').value = items[0];
}

async function showOffers() {
  const answer = await api(`${at(user)}/offers?count=8`);
  const before = ranking;
  $('offers-basis').textContent = (answer.personal ? `by the user's own taste, model v${answer.model}` : 'by popularity')
    + (answer.basis ? `; how he responds: ${answer.basis === 'model' ? 'response model' : 'mean of his segment'}` : '');
  $('offers').replaceChildren(...(answer.offers.length
    ? answer.offers.map((ranked, place) => offer(ranked, place, before.get(ranked.offer.id)))
    : [nothing('Nothing suits now: no active campaign, or its caps are reached.')]));
  ranking = new Map(answer.offers.map((ranked, place) => [ranked.offer.id, { place, score: ranked.score, campaign: ranked.offer.campaign }]));
}

async function showWallet() {
  const wallet = await all(`${at(user)}/coupons`);
  $('wallet').replaceChildren(...(wallet.length
    ? wallet.map(entry => coupon(entry, fresh.has(entry.coupon.code), claim))
    : [nothing('No coupon yet.')]));
}

const claim = one => attempt(async () => {
  await api(`/coupons/${encodeURIComponent(one.code)}/claim`, { method: 'POST', body: { user } });
  await showWallet();
});

async function act(kind, item) {
  const began = performance.now();
  const event = { id: crypto.randomUUID(), user, kind, item, at: new Date().toISOString() };
  await api('/events', { method: 'POST', body: event });
  await showOffers();
  await learnTitle(item);
  $('happened').textContent = `${titles.get(item)}: ${kind} recorded, offers ranked again in ${Math.round(performance.now() - began)} ms.`;
  await showProfile();
}

async function issue() {
  const best = [...ranking.values()][0];
  if (!best) throw new Error('There is no offer to issue.');
  await api('/publications', { method: 'POST', body: { user, campaign: best.campaign, key: crypto.randomUUID() } });
  await Promise.all([showWallet(), showOffers()]);
}

/** Hears of the user's coupons as they are issued, wherever they are issued. */
function listen() {
  stream?.close();
  stream = new EventSource(`/v1${at(user)}/coupons/stream`);
  stream.addEventListener('ready', () => setState('live', 'live', 'good'));
  stream.addEventListener('error', () => setState('live', 'reconnecting', 'bad'));
  stream.addEventListener('coupon', message => attempt(async () => {
    const push = JSON.parse(message.data);
    fresh.add(push.coupon.code);
    $('pushed').textContent = `New coupon: ${push.offer.title}`;
    await Promise.all([showWallet(), refresh()]);
  }));
}

$('pick').addEventListener('submit', event => {
  event.preventDefault();
  attempt(() => show($('user').value.trim()));
});
$('act').addEventListener('submit', event => {
  event.preventDefault();
  attempt(() => act($('kind').value, $('item').value.trim()));
});
$('issue').addEventListener('click', () => attempt(issue));
$('archived').addEventListener('change', refresh);

await refresh();
setInterval(refresh, 10_000);
fetch('/dashboard/version').then(answer => { $('dashboard').hidden = !answer.ok; }, () => {});
await attempt(async () => {
  const known = await api('/users?limit=100');
  $('users').replaceChildren(...known.data.map(one => new Option(one.id, one.id)));
  const asked = new URLSearchParams(location.hash.slice(1)).get('user');
  if (asked || known.data.length) await show(asked ?? known.data[0].id);
});

'use strict';
// Everything that came from outside is put in with textContent, never as markup.

const $ = id => document.getElementById(id);
const words = { pending: 'Com o robô', open: 'Com atendente', resolved: 'Resolvida', snoozed: 'Adiada' };
const short = { pending: 'robô', open: 'atendente', resolved: 'resolvida', snoozed: 'adiada' };
const clock = new Intl.DateTimeFormat('pt-BR', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('pt-BR', { weekday: 'long', day: 'numeric', month: 'long' });

let conversations = [];
let current = null;   // a conversation, or {phone, name} of somebody who has not written yet
let shown = '';       // what the lists show, so that nothing is rebuilt without need
let attached = null;

function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

async function call(path, body) {
  const response = await fetch(path, body === undefined ? {} : {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body)
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || 'Erro ' + response.status);
  return answer;
}

function complain(error) {
  $('erro').textContent = error ? 'Não deu certo: ' + error.message : '';
  $('erro').hidden = !error;
}

async function trying(work) {
  try { await work(); complain(null); } catch (error) { complain(error); }
}

const initials = name => (name || '?').replace(/^\+/, '').trim().split(/\s+/).slice(0, 2).map(w => w[0]).join('').toUpperCase();

/* WhatsApp's own marks: *bold*, _italic_, ~struck~, ```mono```, and addresses as links. */
function formatted(text, into) {
  const marks = /```([\s\S]+?)```|(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;
  let at = 0;
  for (const match of text.matchAll(marks)) {
    into.append(text.slice(at, match.index));
    const [whole, mono, bold, italic, struck, link] = match;
    if (mono) into.append(el('code', '', mono));
    else if (bold) formatted(bold, into.appendChild(el('strong')));
    else if (italic) formatted(italic, into.appendChild(el('em')));
    else if (struck) formatted(struck, into.appendChild(el('s')));
    else {
      const a = el('a', '', link);
      a.href = link; a.target = '_blank'; a.rel = 'noopener noreferrer';
      into.append(a);
    }
    at = match.index + whole.length;
  }
  into.append(text.slice(at));
}

function file(attachment) {
  if (attachment.file_type === 'location') {
    return el('span', 'doc', 'Local · ' + (attachment.fallback_title || attachment.coordinates_lat + ', ' + attachment.coordinates_long));
  }
  if (attachment.file_type === 'contact') return el('span', 'doc', 'Contato · ' + attachment.fallback_title);
  const url = new URL(attachment.data_url);
  const path = url.pathname + url.search;
  const name = decodeURIComponent(url.pathname.split('/').pop());
  if (attachment.file_type === 'image') {
    const image = el('img');
    image.src = path; image.alt = name; image.loading = 'lazy';
    return image;
  }
  if (attachment.file_type === 'audio') {
    const audio = el('audio');
    audio.src = path; audio.controls = true; audio.setAttribute('aria-label', 'Áudio ' + name);
    return audio;
  }
  const a = el('a', 'doc', 'Arquivo · ' + name);
  a.href = path; a.download = name;
  return a;
}

function bubble(message, turn) {
  const mine = message.type === 'incoming';
  const item = el('li', 'bubble' + (mine ? ' mine' : '') + (turn ? ' turn' : ''));
  if (turn && !mine) {
    const who = message.author === 'AgentBot' ? message.name + ' · robô' : message.author === 'User' ? message.name : 'Empresa';
    item.append(el('span', 'by', who));
  }
  if (turn && mine) item.append(el('span', 'sr', 'Cliente: '));
  (message.files || []).forEach(attachment => item.append(file(attachment)));
  const text = mine ? message.text : message.seen;
  if (text) formatted(text, item);
  item.append(el('span', 'meta', clock.format(message.at)));
  return item;
}

function showMessages(messages) {
  const list = $('mensagens');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const seen = messages.filter(m => m.type === 'incoming' || m.seen || (m.type === 'outgoing' && !m.note && m.files && m.status !== 'failed'));
  const nodes = [];
  let last = null;
  for (const message of seen) {
    const today = day.format(message.at);
    if (!last || day.format(last.at) !== today) { nodes.push(el('li', 'day', today)); last = null; }
    nodes.push(bubble(message, !last || last.type !== message.type || last.author !== message.author));
    last = message;
  }
  list.replaceChildren(...nodes);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function showNotes(messages) {
  const nodes = messages.filter(m => m.note || m.type === 'activity' || m.status === 'failed').map(m => {
    const item = el('li', m.note ? 'note' : m.status === 'failed' ? 'failed' : '');
    if (m.note) item.append(el('span', 'by', (m.name || 'Sistema') + ' · ' + clock.format(m.at)), m.text || '');
    else if (m.status === 'failed') item.append('Não entregue: ' + (m.text || 'arquivo') + (m.error ? ' (' + m.error + ')' : ''));
    else item.append(clock.format(m.at) + ' · ' + (m.text || ''));
    return item;
  });
  const list = $('notas');
  list.replaceChildren(...(nodes.length ? nodes : [el('li', '', 'Nada ainda.')]));
  list.scrollTop = list.scrollHeight;
}

function showState() {
  const known = current && current.id;
  $('painel').hidden = !known;
  $('painel-vazio').hidden = Boolean(known);
  $('chat-nome').textContent = current ? current.name : 'Nenhuma conversa';
  $('chat-fone').textContent = current ? current.phone + ' · o celular do cliente' : 'Comece com um novo cliente';
  $('chat-avatar').textContent = current ? initials(current.name) : '';
  if (!known) return;
  $('status').textContent = words[current.status] || current.status;
  $('status').className = 'chip ' + current.status;
  $('responsavel').textContent = current.assignee || 'ninguém';
  const labels = current.labels.map(label => el('span', 'chip', label));
  $('etiquetas').replaceChildren(...(labels.length ? labels : ['nenhuma']));
}

function showList() {
  const all = current && !current.id ? [current, ...conversations] : conversations;
  $('lista').replaceChildren(...all.map(c => {
    const button = el('button');
    button.type = 'button';
    button.setAttribute('aria-current', String(c === current || (current && c.id !== undefined && c.id === current.id)));
    const status = el('span', 'chip ' + (c.status || ''), c.status ? short[c.status] : 'nova');
    const avatar = el('span', 'avatar', initials(c.name));
    avatar.setAttribute('aria-hidden', 'true');
    const first = el('span', 'row');
    first.append(el('span', 'name', c.name), el('span', 'when', c.last_activity_at ? clock.format(c.last_activity_at) : ''));
    const second = el('span', 'row');
    second.append(el('span', 'preview', c.preview || c.phone), status);
    button.append(avatar, first, second);
    button.onclick = () => { current = c; shown = ''; refresh(); $('texto').focus(); };
    const item = el('li');
    item.append(button);
    return item;
  }));
}

let refreshing = false;
let again = false;
async function refresh() {
  if (refreshing) { again = true; return; }
  refreshing = true;
  try {
    do {
      again = false;
      conversations = (await call('/sim/conversations')).conversations;
      if (!current && conversations.length) current = conversations[0];
      if (current) {
        const same = conversations.filter(c => current.id ? c.id === current.id : c.phone === current.phone);
        current = newest(same) || current;
      }
      const messages = current && current.id ? (await call('/sim/conversations/' + current.id + '/messages')).messages : [];
      const state = JSON.stringify([conversations, current, messages]);
      if (state !== shown) {
        shown = state;
        showList(); showState(); showMessages(messages); showNotes(messages);
      }
    } while (again);
  } catch (error) {
    complain(error);
  } finally {
    refreshing = false;
  }
}
const newest = list => list.slice().sort((a, b) => b.id - a.id)[0];

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] || '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function attach(chosen) {
  attached = chosen;
  $('anexo').hidden = !chosen;
  $('anexo').firstElementChild.textContent = chosen ? chosen.name : '';
  if (!chosen) $('arquivo').value = '';
}

function grow() {
  const box = $('texto');
  box.style.height = 'auto';
  box.style.height = box.scrollHeight + 2 + 'px';
}

$('form-novo').onsubmit = event => {
  event.preventDefault();
  const digits = $('novo-fone').value.replace(/\D/g, '');
  const wrong = digits.length < 8 || digits.length > 15;
  $('novo-erro').textContent = wrong ? 'O telefone precisa do código do país, como +55 11 99000-0001.' : '';
  $('novo-erro').hidden = !wrong;
  if (wrong) return;
  const phone = '+' + digits;
  current = conversations.find(c => c.phone === phone) || { phone, name: $('novo-nome').value.trim() };
  event.target.reset();
  $('novo').open = false;
  shown = '';
  refresh();
  $('texto').focus();
};

$('form-cliente').onsubmit = event => {
  event.preventDefault();
  const text = $('texto').value.trim();
  if (!text && !attached) return;
  if (!current) { $('novo').open = true; $('novo-nome').focus(); return; }
  const chosen = attached;
  $('texto').value = '';
  grow();
  attach(null);
  trying(async () => {
    const body = { phone: current.phone, name: current.name, text };
    if (chosen) body.file = { name: chosen.name, content_type: chosen.type || 'application/octet-stream', base64: await base64(chosen) };
    const message = await call('/sim/customer/messages', body);
    current = { ...current, id: message.conversation };
    await refresh();
    $('mensagens').scrollTop = $('mensagens').scrollHeight;
  });
};

function sendOnEnter(box) {
  box.addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });
}
sendOnEnter($('texto'));
sendOnEnter($('resposta'));
$('texto').addEventListener('input', grow);
$('arquivo').onchange = event => attach(event.target.files[0] || null);
$('anexo').querySelector('button').onclick = () => attach(null);

$('form-atendente').onsubmit = event => {
  event.preventDefault();
  const text = $('resposta').value.trim();
  if (!text || !current || !current.id) return;
  const note = event.submitter && event.submitter.value === 'nota';
  $('resposta').value = '';
  trying(() => call('/sim/conversations/' + current.id + (note ? '/notes' : '/agent-messages'), { agent: $('quem').value, text }));
};

document.querySelectorAll('[data-do]').forEach(button => {
  button.onclick = () => trying(async () => {
    const path = '/sim/conversations/' + current.id;
    const what = button.dataset.do;
    await call(path + (what === 'assumir' ? '/assign' : '/status'), { agent: $('quem').value, status: what });
  });
});

function listen() {
  const stream = new EventSource('/sim/stream');
  const connected = on => {
    $('conexao').className = on ? 'dot on' : 'dot';
    $('conexao').title = $('conexao').firstElementChild.textContent = on ? 'Ao vivo' : 'Sem conexão, tentando de novo';
  };
  stream.onopen = () => connected(true);
  stream.onerror = () => connected(false);
  stream.onmessage = refresh;
}

trying(async () => {
  const agents = (await call('/sim/agents')).agents;
  $('quem').replaceChildren(...agents.map(name => new Option(name, name)));
  $('quem').selectedIndex = agents.length - 1;
});
refresh().then(() => { if (!current) $('novo').open = true; });
listen();

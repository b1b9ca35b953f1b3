// The console: shows what the API answers, and never anything as HTML. The token stays in this tab.
'use strict';

const TEXTS = {
  'pt-BR': {
    token: 'Token', tenant: 'Tenant', enter: 'Entrar', leave: 'Sair', now: 'Agora', conversation: 'Conversa', events: 'Eventos',
    letters: 'Falhas', questions: 'Sem resposta', knowledge: 'Conhecimento', tokens: 'Tokens', show: 'Ver', number: 'Conversa nº',
    message: 'ou mensagem nº', nothing: 'Nada aqui.', retry: 'Tentar de novo', discard: 'Descartar', sure: 'Descartar de vez?',
    answered: 'O cliente já foi respondido nesse meio-tempo. Enviar mesmo assim?', ready: 'Pronto para trabalhar.',
    notReady: 'Não está pronto.', type: 'Tipo', phone: 'Telefone', more: 'Mais', ask: 'Perguntar', question: 'Pergunta',
    sure2: 'certeza', declined: 'Sem resposta segura: uma pessoa seria chamada.', done: 'Resolvida', dismiss: 'Ignorar',
    revoke: 'Revogar', make: 'Criar', name: 'Nome', once: 'Guarde agora; não será mostrado de novo:', first: 'Entre com um token da API.',
    turns: 'Turnos', timeline: 'Linha do tempo', commands: 'Comandos', used: 'último uso', until: 'até', unreachable: 'O servidor não responde.',
  },
  en: {
    token: 'Token', tenant: 'Tenant', enter: 'Enter', leave: 'Leave', now: 'Now', conversation: 'Conversation', events: 'Events',
    letters: 'Dead letters', questions: 'Unanswered', knowledge: 'Knowledge', tokens: 'Tokens', show: 'Show', number: 'Conversation no.',
    message: 'or message no.', nothing: 'Nothing here.', retry: 'Try again', discard: 'Discard', sure: 'Discard for good?',
    answered: 'The customer was answered meanwhile. Send all the same?', ready: 'Ready to work.',
    notReady: 'Not ready.', type: 'Type', phone: 'Phone', more: 'More', ask: 'Ask', question: 'Question',
    sure2: 'confidence', declined: 'No certain answer: a person would be called.', done: 'Resolved', dismiss: 'Dismiss',
    revoke: 'Revoke', make: 'Make', name: 'Name', once: 'Keep it now; it is not shown again:', first: 'Enter with a token of the API.',
    turns: 'Turns', timeline: 'Timeline', commands: 'Commands', used: 'last use', until: 'until', unreachable: 'The server does not answer.',
  },
};
const language = navigator.language.startsWith('en') ? 'en' : 'pt-BR';
const say = word => TEXTS[language][word];
const main = document.getElementById('main');
let token = sessionStorage.getItem('token') || '';
let tenant = sessionStorage.getItem('tenant') || '';

// ---- the page ------------------------------------------------------------------------------------------------------

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

const text = (name, content, className) => element(name, { textContent: content ?? '', className: className || '' });
const time = at => (at ? new Date(at).toLocaleString(language) : '');
const button = (word, act) => element('button', { type: 'button', textContent: say(word), onclick: act });

function table(heads, rows) {
  if (rows.length === 0) {
    return text('p', say('nothing'), 'dim');
  }
  const body = element('tbody', {}, ...rows.map(cells => element('tr', {}, ...cells.map(
    cell => (cell instanceof Node ? element('td', {}, cell) : text('td', cell))))));
  return element('table', {}, element('thead', {}, element('tr', {}, ...heads.map(head => text('th', head)))), body);
}

function form(fields, word, act) {
  const inputs = fields.map(([name, label, type]) => element('input', { name, type: type || 'text' }));
  const labels = fields.map(([, label], i) => element('label', {}, text('div', label), inputs[i]));
  return element('form', {
    className: 'row',
    onsubmit: event => {
      event.preventDefault();
      act(Object.fromEntries(inputs.map(input => [input.name, input.value.trim()])));
    },
  }, ...labels, element('button', { textContent: say(word) }));
}

function show(...parts) {
  main.replaceChildren(...parts);
}

// ---- the API -------------------------------------------------------------------------------------------------------

async function call(method, path, { query = {}, body } = {}) {
  const wanted = new URLSearchParams(Object.entries({ ...query, ...(tenant && method === 'GET' ? { tenant_id: tenant } : {}) })
    .filter(([, value]) => value));
  const answer = await fetch(path + (wanted.size ? '?' + wanted : ''), {
    method,
    headers: { Authorization: 'Bearer ' + token, 'Accept-Language': language, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    body: body ? JSON.stringify({ ...body, ...(tenant ? { tenant_id: tenant } : {}) }) : undefined,
  });
  const json = await answer.json();
  if (!json.success) {
    throw Object.assign(new Error(json.error.message), json.error);
  }
  return json.data;
}

function guarded(act) {
  return async (...given) => {
    try {
      await act(...given);
    } catch (failure) {
      const words = failure.code ? `${failure.message} (${failure.code})` : say('unreachable');
      main.append(text('p', words, 'say bad'));
    }
  };
}

// ---- the sections --------------------------------------------------------------------------------------------------

const SECTIONS = {
  now: async () => {
    const answer = await fetch('/ready', { headers: { Authorization: 'Bearer ' + token } });
    const { data, error } = await answer.json();
    if (!data) {
      throw error;
    }
    show(text('p', say(data.ready ? 'ready' : 'notReady'), data.ready ? 'say' : 'say bad'),
      table(['', ''], Object.entries(data.components)));
  },

  conversation: async () => {
    const result = element('div');
    const ask = guarded(async wanted => {
      const told = await call('GET', '/api/v1/explain', { query: wanted });
      result.replaceChildren(
        text('p', told.sentence, 'say'),
        text('p', told.owner && told.owner.sentence),
        text('h2', say('turns')),
        table(['', '', '', ''], told.turns.map(turn => [
          time(turn.at), `${turn.outcome} · ${turn.reason}`, turn.heard,
          element('details', {}, text('summary', turn.reply ? turn.reply.slice(0, 80) : '…'), text('pre', JSON.stringify(turn, null, 1)))])),
        text('h2', say('timeline')),
        table(['', '', ''], told.timeline.map(event => [event.time, event.event_type, event.sentence])));
    });
    show(form([['conversation_id', say('number')], ['message_id', say('message')]], 'show', ask), result);
  },

  events: async () => {
    const result = element('div');
    const list = guarded(async wanted => {
      const page = await call('GET', '/api/v1/events', { query: { limit: 50, ...wanted } });
      result.append(table(['', '', ''], page.events.map(event => [time(event.timestamp), event.event_type,
        element('details', {}, text('summary', event.conversation_id), text('pre', JSON.stringify(event.payload, null, 1)))])));
      if (page.next_cursor) {
        const more = button('more', () => { more.remove(); list({ ...wanted, cursor: page.next_cursor }); });
        result.append(more);
      }
    });
    show(form([['conversation_id', say('number')], ['event_type', say('type')], ['phone', say('phone')]], 'show', wanted => {
      result.replaceChildren();
      list(wanted);
    }), result);
    await list({});
  },

  letters: async () => {
    const page = await call('GET', '/api/v1/dead-letters');
    const retry = guarded(async (id, confirm) => {
      try {
        await call('POST', `/api/v1/dead-letters/${id}/retry`, { body: { confirm } });
        await open('letters');
      } catch (failure) {
        if (failure.code === 'ERR_CONFLICT' && !confirm && window.confirm(say('answered'))) {
          await retry(id, true);
        } else {
          throw failure;
        }
      }
    });
    const discard = guarded(async id => {
      if (window.confirm(say('sure'))) {
        await call('POST', `/api/v1/dead-letters/${id}/discard`, { body: { confirm: true } });
        await open('letters');
      }
    });
    show(table(['', say('conversation'), '', '', ''], page.dead_letters.map(letter => [time(letter.since), letter.conversation_id,
      `${letter.command} · ${letter.reason}`, button('retry', () => retry(letter.id, false)), button('discard', () => discard(letter.id))])));
  },

  questions: async () => {
    const page = await call('GET', '/api/v1/knowledge/unanswered');
    const settle = (id, how) => guarded(async () => {
      await call('POST', `/api/v1/knowledge/unanswered/${encodeURIComponent(id)}/${how}`, { body: {} });
      await open('questions');
    });
    show(table(['', '', '', '', ''], page.questions.map(each => [String(each.count), time(each.last_at), each.question,
      button('done', settle(each.id, 'resolve')), button('dismiss', settle(each.id, 'dismiss'))])));
  },

  knowledge: async () => {
    const result = element('div');
    const ask = guarded(async ({ query }) => {
      const found = await call('POST', '/api/v1/knowledge-base/query', { body: { query } });
      result.replaceChildren(
        text('p', found.answered ? found.answer : say('declined'), found.answered ? 'say' : 'say bad'),
        text('p', `${say('sure2')}: ${found.confidence.toFixed(2)}`, 'dim'),
        table(['', ''], found.sources.map(source => [source.similarity.toFixed(2), source.document])));
    });
    show(form([['query', say('question')]], 'ask', ask), result);
  },

  tokens: async () => {
    const page = await call('GET', '/api/v1/tokens');
    const fresh = element('div');
    const make = guarded(async ({ name }) => {
      const made = await call('POST', '/api/v1/tokens', { body: { name, scopes: ['read', 'write'] } });
      await open('tokens');
      main.prepend(text('p', say('once'), 'say'), text('pre', made.token));
    });
    const revoke = id => guarded(async () => {
      const whose = tenant ? '?tenant_id=' + encodeURIComponent(tenant) : '';
      await call('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}${whose}`);
      await open('tokens');
    });
    show(form([['name', say('name')]], 'make', make), fresh, table(['', '', '', '', ''], page.tokens.map(each => [
      each.id, each.name, each.scopes.join(' '), `${say('until')} ${time(each.expires_at)}, ${say('used')} ${time(each.used_at)}`,
      each.valid ? button('revoke', revoke(each.id)) : ''])));
  },
};

const open = guarded(async name => {
  for (const tab of document.querySelectorAll('nav button')) {
    tab.toggleAttribute('aria-current', false);
    if (tab.dataset.name === name) {
      tab.setAttribute('aria-current', 'page');
    }
  }
  show();
  await SECTIONS[name]();
});

function begin() {
  const inside = Boolean(token);
  document.getElementById('tabs').replaceChildren(...(inside ? Object.keys(SECTIONS).map(name => {
    const tab = button(name, () => open(name));
    tab.dataset.name = name;
    return tab;
  }) : []));
  document.getElementById('leave').hidden = !inside;
  if (inside) {
    open('now');
  } else {
    show(text('p', say('first')));
  }
}

document.documentElement.lang = language;
for (const labelled of document.querySelectorAll('[data-text]')) {
  labelled.textContent = say(labelled.dataset.text);
}
document.getElementById('access').addEventListener('submit', event => {
  event.preventDefault();
  token = document.getElementById('token').value.trim();
  tenant = document.getElementById('tenant').value.trim();
  document.getElementById('token').value = '';
  sessionStorage.setItem('token', token);
  sessionStorage.setItem('tenant', tenant);
  begin();
});
document.getElementById('leave').addEventListener('click', () => {
  sessionStorage.clear();
  token = '';
  begin();
});
begin();

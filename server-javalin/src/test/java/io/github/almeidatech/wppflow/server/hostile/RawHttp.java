package io.github.almeidatech.wppflow.server.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Bytes as they are over a socket, and the status that comes back. */
final class RawHttp {

    /** No answer: the connection was closed. */
    static final int CLOSED = 0;

    private final URI server;

    RawHttp(URI server) {
        this.server = server;
    }

    /** An answer, the first one on the connection. */
    record Answer(int status, String text) {}

    /** Sends all and reads until the server closes, or an answer is complete enough to be judged. */
    Answer exchange(byte[]... parts) throws IOException {
        try (Socket socket = connect()) {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
                socket.getOutputStream().flush();
            }
            return answer(socket);
        } catch (SocketException closedWhileSending) {
            return new Answer(CLOSED, "");
        }
    }

    Socket connect() throws IOException {
        var socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(15_000);
        return socket;
    }

    static Answer answer(Socket socket) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try {
            while (!complete(bytes)) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                bytes.write(next);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer and not closed", e);
        } catch (SocketException reset) {
            // what came before the reset counts
        }
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.startsWith("HTTP/1.1 ")
                ? new Answer(Integer.parseInt(text.substring(9, 12)), text)
                : new Answer(CLOSED, text);
    }

    private static boolean complete(ByteArrayOutputStream bytes) {
        String text = bytes.toString(StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        int at = text.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        if (at < 0 || at > head) {
            return false;
        }
        int length = Integer.parseInt(
                text.substring(at + 16, text.indexOf("\r\n", at)).strip());
        return text.length() >= head + 4 + length;
    }
}

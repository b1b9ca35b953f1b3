/**
 * What every client of a system outside needs, however its API looks: a call waits for its turn ({@link
 * io.github.almeidatech.wppflow.outbound.Gate}), is kept back while the system asked for a pause ({@link
 * io.github.almeidatech.wppflow.outbound.Pause}) or keeps failing ({@link io.github.almeidatech.wppflow.outbound.Breaker}), and
 * is written once ({@link io.github.almeidatech.wppflow.outbound.SingleWrite}).
 *
 * <pre>{@code
 * OkHttpClient http = SingleWrite.heededBy(new OkHttpClient.Builder()).build();
 * var write = SingleWrite.once();
 * try (Response response = http.newCall(write.watch(new Request.Builder().url(url).post(body)).build()).execute()) {
 *     ...
 * } catch (IOException e) {
 *     boolean mayHaveWorked = write.begun();
 * }
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.outbound;

import org.jspecify.annotations.NullMarked;

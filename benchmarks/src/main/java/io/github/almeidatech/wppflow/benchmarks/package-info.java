/**
 * Measurements and proofs that need real processes; not published. {@link KillLoop} kills the server under load and
 * checks from the outside that nothing was lost, doubled or disordered; {@link Load} measures how fast it is.
 *
 * <pre>{@code
 * benchmarks/kill-loop --kills 200 --seed 42
 * benchmarks/load
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.benchmarks;

import org.jspecify.annotations.NullMarked;

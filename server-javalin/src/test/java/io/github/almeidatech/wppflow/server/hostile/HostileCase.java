package io.github.almeidatech.wppflow.server.hostile;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing an attacker may try.
 *
 * @param request what goes over the wire
 * @param statuses what may be answered; {@link RawHttp#CLOSED} for nothing at all
 */
record HostileCase(String name, Function<Attacker, byte[]> request, Set<Integer> statuses) {

    static HostileCase of(String name, Function<Attacker, byte[]> request, Integer... statuses) {
        return new HostileCase(name, request, Set.of(statuses));
    }

    @Override
    public String toString() {
        return name;
    }

    @SafeVarargs
    static List<HostileCase> all(List<HostileCase>... parts) {
        return Stream.of(parts).flatMap(List::stream).collect(Collectors.toList());
    }
}

package io.github.almeidatech.wppflow.knowledge;

import java.util.Collection;

/**
 * Numbers the strings of a fixed set in their order, from 0, in some 30 bytes for each short one instead of the hundred of a
 * hash map. Immutable and thread-safe.
 */
final class StringIndex {

    private final String all;
    /** Where each string ends in {@link #all}. */
    private final int[] ends;
    /** The number after that of the string, 0 where there is none; a power of two, at most half of it in use. */
    private final int[] slots;

    /** @param strings distinct */
    StringIndex(Collection<String> strings) {
        var joined = new StringBuilder();
        ends = new int[strings.size()];
        slots = new int[4 * Math.max(1, Integer.highestOneBit(strings.size()))];
        int size = 0;
        for (String string : strings) {
            joined.append(string);
            ends[size++] = joined.length();
            slots[freeSlot(string)] = size;
        }
        all = joined.toString();
    }

    private int freeSlot(String string) {
        int slot = firstSlot(string);
        while (slots[slot] != 0) {
            slot = next(slot);
        }
        return slot;
    }

    /** The number of a string, -1 when it is not in the set. */
    int numberOf(String string) {
        for (int slot = firstSlot(string); slots[slot] != 0; slot = next(slot)) {
            int number = slots[slot] - 1;
            int start = start(number);
            if (ends[number] - start == string.length() && all.startsWith(string, start)) {
                return number;
            }
        }
        return -1;
    }

    boolean contains(String string) {
        return numberOf(string) >= 0;
    }

    int size() {
        return ends.length;
    }

    String get(int number) {
        return all.substring(start(number), ends[number]);
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private int firstSlot(String string) {
        int hash = string.hashCode();
        return (hash ^ hash >>> 16) & slots.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & slots.length - 1;
    }
}

package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Words that can be found by how they sound, also with one error. Immutable; grows by making a new one. */
final class Vocabulary {

    private static final int MOST_RECENT = 512;
    private static final int SHORTEST = 3;

    private final Part settled;
    private final Part recent;

    private Vocabulary(Part settled, Part recent) {
        this.settled = settled;
        this.recent = recent;
    }

    static Vocabulary of(Collection<String> words) {
        return new Vocabulary(new Part(words), new Part(List.of()));
    }

    /** These words and those: cheap for few new words, so that one more document does not cost a rebuild. */
    Vocabulary with(Collection<String> words) {
        Set<String> added = new HashSet<>();
        for (String word : words) {
            if (!settled.contains(word) && !recent.contains(word)) {
                added.add(word);
            }
        }
        if (added.isEmpty()) {
            return this;
        }
        added.addAll(recent.words);
        if (added.size() <= MOST_RECENT) {
            return new Vocabulary(settled, new Part(added));
        }
        added.addAll(settled.words);
        return of(added);
    }

    /** Adds the words with exactly this sound. */
    void soundingLike(String sound, Set<String> into) {
        settled.soundingLike(sound, into);
        recent.soundingLike(sound, into);
    }

    /** Adds the words whose sound is one error away. */
    void nearly(String sound, Set<String> into) {
        settled.nearly(sound, into);
        recent.nearly(sound, into);
    }

    /** Sorted arrays: a word costs some hundred bytes less than in maps. */
    private static final class Part {

        private final List<String> words;
        private final long[] bySound;
        private final long[] byGap;

        Part(Collection<String> all) {
            words = all.stream()
                    .filter(word -> word.length() >= SHORTEST && Character.isLetter(word.charAt(0)))
                    .distinct()
                    .sorted()
                    .toList();
            bySound = new long[words.size()];
            List<String> sounds = words.stream().map(Spelling::sound).toList();
            byGap = new long
                    [sounds.stream().mapToInt(sound -> sound.length() + 1).sum()];
            int n = 0;
            for (int i = 0; i < words.size(); i++) {
                String sound = sounds.get(i);
                bySound[i] = key(sound, i);
                byGap[n++] = bySound[i];
                for (int gap = 0; gap < sound.length(); gap++) {
                    byGap[n++] = key(without(sound, gap), i);
                }
            }
            Arrays.sort(bySound);
            Arrays.sort(byGap);
        }

        boolean contains(String word) {
            return Collections.binarySearch(words, word) >= 0;
        }

        void soundingLike(String sound, Set<String> into) {
            for (int index : withKey(bySound, sound)) {
                String word = words.get(index);
                if (Spelling.sound(word).equals(sound)) {
                    into.add(word);
                }
            }
        }

        void nearly(String sound, Set<String> into) {
            List<Integer> candidates = new ArrayList<>(withKey(byGap, sound));
            for (int gap = 0; gap < sound.length(); gap++) {
                candidates.addAll(withKey(byGap, without(sound, gap)));
            }
            for (int index : candidates) {
                String word = words.get(index);
                if (word.length() > SHORTEST && Spelling.oneApart(sound, Spelling.sound(word))) {
                    into.add(word);
                }
            }
        }

        private static long key(String text, int word) {
            return ((long) Profile.hash(text) << 32) | word;
        }

        private static String without(String text, int gap) {
            return text.substring(0, gap) + text.substring(gap + 1);
        }

        private static List<Integer> withKey(long[] sorted, String text) {
            long first = key(text, 0);
            int at = Arrays.binarySearch(sorted, first);
            at = at < 0 ? -at - 1 : at;
            List<Integer> found = new ArrayList<>();
            while (at < sorted.length && sorted[at] >> 32 == first >> 32) {
                found.add((int) sorted[at++]);
            }
            return found;
        }
    }
}

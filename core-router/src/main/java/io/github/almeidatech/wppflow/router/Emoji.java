package io.github.almeidatech.wppflow.router;

/** What emoji say. */
final class Emoji {

    private static final String POSITIVE =
            "😀😁😂😃😄😅😆😉😊😋😍😘🥰🤩😎🤗👏👍💕💖❤💜💙💚💛🧡🎉🎊✨🌸🌹🌷☀🌞🤝✅👌💪🔥🙌😻💐🐾🍀🥳🤣😇";
    private static final String NEGATIVE = "😠😡🤬😤😞😔😟😕🙁☹😣😖😫😩😢😭😱😨😰😒🙄👎💔🤮🤢😾😿🤦";

    private Emoji() {}

    static boolean is(int codePoint) {
        return codePoint >= 0x1F000 && codePoint <= 0x1FAFF
                || codePoint >= 0x2600 && codePoint <= 0x27BF
                || codePoint == 0x2B50;
    }

    /** The word class: {@code emoji_good}, {@code emoji_bad} or {@code emoji}. */
    static String kind(String emoji) {
        if (POSITIVE.contains(emoji)) {
            return "emoji_good";
        }
        return NEGATIVE.contains(emoji) ? "emoji_bad" : "emoji";
    }
}

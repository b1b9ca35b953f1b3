package io.github.almeidatech.wppflow.multimodal;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs {@link DocumentExtractor} over one untrusted file, in a JVM of its own with little memory. */
final class ChildJvm {

    /** By the kernel, for want of memory: nobody else kills it and then looks at its exit code. */
    private static final int KILLED = 128 + 9;

    private final Semaphore places;

    /** @param places how many children there may be at once */
    ChildJvm(Semaphore places) {
        this.places = places;
    }

    /** The directory and the place of one run. */
    ChildProcess child() throws MediaUnavailableException {
        return new ChildProcess(places);
    }

    /** @param out where its standard output goes */
    void run(ChildProcess child, Path out, Duration timeLimit, String... arguments) throws MediaUnavailableException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Duser.home=" + child.file(""),
                "-Djava.io.tmpdir=" + child.file(""),
                "-cp",
                absolute(System.getProperty("java.class.path")),
                DocumentExtractor.class.getName()));
        command.addAll(List.of(arguments));
        int code = child.run(command, out, timeLimit);
        switch (code) {
            case DocumentExtractor.DONE -> {}
            case DocumentExtractor.ENCRYPTED -> throw new MediaUnavailableException(MediaText.Reason.ENCRYPTED, null);
            case DocumentExtractor.OUT_OF_MEMORY, KILLED ->
                throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
            case DocumentExtractor.UNSUPPORTED ->
                throw new MediaUnavailableException(MediaText.Reason.UNSUPPORTED_TYPE, null);
            default -> throw new MediaUnavailableException(MediaText.Reason.DAMAGED, null);
        }
    }

    /** The child runs in a directory of its own, so what is relative to ours would not be found from there. */
    static String absolute(String classPath) {
        return Arrays.stream(classPath.split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}

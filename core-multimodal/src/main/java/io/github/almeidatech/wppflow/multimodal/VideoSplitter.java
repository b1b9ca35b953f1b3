package io.github.almeidatech.wppflow.multimodal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Takes videos apart with ffmpeg, where it is installed. */
final class VideoSplitter {

    /**
     * Every fifth of the first fifty pictures. All ten lie in memory at once, so they are scaled down before: a video may be
     * as tall as it likes.
     */
    private static final String ONE_OF_THE_FIRST = "select='not(mod(n,5))',"
            + "scale='min(1280,iw)':'min(1280,ih)':force_original_aspect_ratio=decrease,thumbnail=10";

    /** Of one block of memory: a picture of 40 megapixels has 60 million bytes. */
    private static final long MAX_BLOCK = 256L * 1024 * 1024;

    private final String program;
    private final MediaLimits limits;
    private final Semaphore places;

    private VideoSplitter(String program, MediaLimits limits, Semaphore places) {
        this.program = program;
        this.limits = limits;
        this.places = places;
    }

    /** Empty when the program is not on the search path. */
    static Optional<VideoSplitter> find(String program, MediaLimits limits, Semaphore places) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program))
                    ? Optional.of(new VideoSplitter(program, limits, places))
                    : Optional.empty();
        }
        String path = System.getenv("PATH");
        for (String directory : path == null ? new String[0] : path.split(java.io.File.pathSeparator)) {
            Path candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate)) {
                return Optional.of(new VideoSplitter(candidate.toString(), limits, places));
            }
        }
        return Optional.empty();
    }

    /** The sound of the first minutes; empty when it has none. */
    Optional<MediaFile> sound(MediaFile video, Duration timeLimit) throws MediaUnavailableException {
        return part(
                video,
                "sound.wav",
                timeLimit,
                List.of(
                        "-vn",
                        "-ac",
                        "1",
                        "-ar",
                        "16000",
                        "-t",
                        String.valueOf(limits.maxSound().toSeconds())));
    }

    /** Of its first pictures the one most like the others, which is not a black beginning; empty when it has none. */
    Optional<MediaFile> picture(MediaFile video, Duration timeLimit) throws MediaUnavailableException {
        return part(video, "picture.jpg", timeLimit, List.of("-an", "-frames:v", "1", "-vf", ONE_OF_THE_FIRST));
    }

    private Optional<MediaFile> part(MediaFile video, String name, Duration timeLimit, List<String> how)
            throws MediaUnavailableException {
        try (var child = new ChildProcess(places)) {
            Path in = child.write("in." + video.type().extension(), video.bytes());
            Path part = child.file(name);
            var command = new ArrayList<>(List.of(
                    program,
                    "-nostdin",
                    "-v",
                    "error",
                    "-max_alloc",
                    String.valueOf(MAX_BLOCK),
                    "-protocol_whitelist",
                    "file,pipe",
                    "-threads",
                    "1",
                    "-i",
                    in.toString()));
            command.addAll(how);
            command.addAll(List.of("-fs", String.valueOf(limits.maxBytes()), part.toString()));
            int code = child.run(command, child.file("log"), timeLimit);
            return code == 0 && Files.exists(part)
                    ? Optional.of(MediaFile.of(ChildProcess.read(part, limits.maxBytes())))
                    : Optional.empty();
        }
    }
}

package io.github.almeidatech.wppflow.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file with personal data: nobody else may read it, and under its name it is whole or not there. */
final class NewFile {

    private NewFile() {}

    /** What stands in it. */
    @FunctionalInterface
    interface Content {

        void writeTo(PrintWriter out) throws IOException;
    }

    /** @throws FileAlreadyExistsException when there is one of this name, which stays as it is */
    static void write(Path file, Content content) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path folder = file.toAbsolutePath().getParent();
        Path part = Files.createTempFile(folder, file.getFileName() + ".", ".part"); // readable by its owner alone
        try {
            try (var out = new PrintWriter(Files.newBufferedWriter(part))) {
                content.writeTo(out);
                if (out.checkError()) {
                    throw new IOException("it could not be written");
                }
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}

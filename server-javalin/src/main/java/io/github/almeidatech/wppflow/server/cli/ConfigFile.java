package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A configuration file that is written by a command and by people: what they wrote stays as it is. */
final class ConfigFile {

    private static final Pattern TENANTS = Pattern.compile("(?m)^tenants:[ \\t]*(\\{[ \\t]*\\})?[ \\t]*(#.*)?$\\R?");

    private final Path path;

    ConfigFile(Path path) {
        this.path = path;
    }

    /** Writes a new file. */
    void create(String content) throws IOException {
        if (Files.exists(path)) {
            throw new IOException(path + " is there already");
        }
        write(content);
    }

    /**
     * Looks whether a tenant can be added; everything is left as it was.
     *
     * @throws ConfigException when the file would be wrong with it
     */
    void tryTenant(String block) throws IOException {
        Files.delete(with(block));
    }

    /**
     * Adds a tenant, above those that are there; when the file could not be read afterwards, it is left as it was.
     *
     * @param block its keys, indented as below {@code tenants}
     * @throws ConfigException when the file would be wrong with it
     */
    void addTenant(String block) throws IOException {
        Path with = with(block);
        try {
            Files.move(with, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(with);
        }
    }

    /** The file as it would be, beside it, when it can be read. */
    private Path with(String block) throws IOException {
        String before = Files.readString(path);
        Matcher tenants = TENANTS.matcher(before);
        String after = tenants.find()
                ? before.substring(0, tenants.start()) + "tenants:\n" + block + before.substring(tenants.end())
                : before + (before.endsWith("\n") ? "" : "\n") + "\ntenants:\n" + block;
        Path trial = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(trial, after);
        try {
            new ConfigReader(Map.copyOf(System.getenv())).read(trial);
            return trial;
        } catch (RuntimeException e) {
            Files.delete(trial);
            throw e;
        }
    }

    /** A file beside this one that only its owner may read; a reference to it for the configuration. */
    String secret(String name, String value) throws IOException {
        Path file = secretFile(name);
        Path folder = file.resolveSibling("");
        Files.createDirectories(folder);
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, value);
        return "\"${file:" + file + "}\"";
    }

    /** Takes a {@link #secret} away again. */
    void removeSecret(String name) throws IOException {
        Files.deleteIfExists(secretFile(name));
    }

    private Path secretFile(String name) {
        return path.toAbsolutePath().resolveSibling("secrets").resolve(name);
    }

    private void write(String content) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(path, content);
    }

    /** Which tenants it has. */
    List<String> tenants() {
        return new ConfigReader(Map.copyOf(System.getenv()))
                .read(path).tenants().keySet().stream().sorted().toList();
    }
}

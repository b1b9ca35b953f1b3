package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells what went wrong in a sentence; a stack trace only for what nobody expected. */
final class Failures implements IExecutionExceptionHandler {

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        if (failure instanceof ConfigException) {
            command.getErr().println(failure.getMessage());
            return 2;
        }
        if (failure instanceof RefusedException refused) {
            command.getErr().println("wppflow: " + refused.getMessage());
            return refused.exitCode();
        }
        if (failure instanceof FlowException
                || failure instanceof UncheckedIOException
                || failure instanceof java.io.IOException) {
            command.getErr().println("wppflow: " + sentence(failure));
            return 1;
        }
        throw failure;
    }

    /** The JDK names only the file. */
    static String sentence(Exception failure) {
        Throwable cause = failure instanceof UncheckedIOException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file";
        }
        if (cause instanceof FileAlreadyExistsException there) {
            return there.getFile() + " is there already, and is not overwritten";
        }
        if (cause instanceof FileNotFoundException missing) {
            return String.valueOf(missing.getMessage()).replace(" (No such file or directory)", ": no such file");
        }
        return cause instanceof AccessDeniedException denied
                ? denied.getFile() + ": not allowed to read or write it"
                : String.valueOf(failure.getMessage());
    }
}

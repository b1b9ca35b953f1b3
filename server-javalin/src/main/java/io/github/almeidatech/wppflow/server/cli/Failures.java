package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import java.io.UncheckedIOException;
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
            command.getErr().println("wppflow: " + failure.getMessage());
            return 1;
        }
        throw failure;
    }
}

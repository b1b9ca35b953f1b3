/** The command line: {@code wppflow serve}, {@code sandbox} and the JSON Lines tools. */
@NullMarked
package io.github.almeidatech.wppflow.server.cli;

import org.jspecify.annotations.NullMarked;

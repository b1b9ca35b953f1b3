package io.github.almeidatech.wppflow.benchmarks;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.not;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.dynamic.DynamicType;

/**
 * Writes a call of {@link Crossing} into the server's classes at every step of every {@link KillPoint} while they are loaded,
 * and gives the server a {@link ShiftedClock}, so that neither needs to know of being tried.
 */
public final class KillPointAgent {

    private KillPointAgent() {}

    /**
     * The JVM's way in.
     *
     * @param folder where orders are put: {@code order} and {@code clock}
     */
    public static void premain(String folder, Instrumentation instrumentation) {
        Crossing.follow(Path.of(folder, "order"));
        ShiftedClock.follow(Path.of(folder, "clock"));
        AgentBuilder builder = new AgentBuilder.Default().disableClassFormatChanges();
        for (String type : types().keySet()) {
            builder = builder.type(named(type))
                    .transform((made, description, loader, module, domain) -> withCalls(made, type));
        }
        builder.type(named("io.github.almeidatech.wppflow.server.app.Application"))
                .transform((made, description, loader, module, domain) -> withShiftedClock(made))
                .installOn(instrumentation);
    }

    /** The options by which a JVM on this class path has the agent. */
    static String option(Path folder) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", KillPointAgent.class.getName());
        Path jar = folder.resolve("kill-points.jar");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close(); // the classes are on the class path
        }
        return "-javaagent:" + jar + "=" + folder;
    }

    private static Map<String, String> types() {
        var types = new TreeMap<String, String>();
        for (KillPoint point : KillPoint.values()) {
            point.steps().forEach(step -> step.types().forEach(type -> types.put(type, type)));
        }
        return types;
    }

    private static DynamicType.Builder<?> withCalls(DynamicType.Builder<?> made, String type) {
        DynamicType.Builder<?> result = made;
        for (KillPoint point : KillPoint.values()) {
            for (int i = 0; i < point.steps().size(); i++) {
                KillPoint.Step step = point.steps().get(i);
                if (step.types().contains(type)) {
                    result = result.visit(Advice.withCustomMapping()
                            .bind(StepNumber.class, Crossing.number(point, i))
                            .to(step.before() ? Before.class : After.class)
                            .on(named(step.method()).and(not(isConstructor()))));
                }
            }
        }
        return result;
    }

    private static DynamicType.Builder<?> withShiftedClock(DynamicType.Builder<?> made) {
        try {
            return made.visit(MemberSubstitution.relaxed()
                    .method(named("system"))
                    .replaceWith(ShiftedClock.class.getMethod("source"))
                    .on(named("clockOf")));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Marks where the number of the step goes. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface StepNumber {}

    /** Copied to the beginning of a method. */
    static final class Before {
        private Before() {}

        @Advice.OnMethodEnter
        static void enter(@StepNumber int number) {
            Crossing.pass(number);
        }
    }

    /** Copied to where a method returns; not to where it throws. */
    static final class After {
        private After() {}

        @Advice.OnMethodExit
        static void exit(@StepNumber int number) {
            Crossing.pass(number);
        }
    }
}

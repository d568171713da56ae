package io.athanor.local.network;

import io.athanor.local.engine.Engine;
import io.athanor.local.process.ManagedProcess;
import io.athanor.local.process.ProcessRegistry;
import io.athanor.local.process.ProcessSpec;
import io.athanor.local.process.Startup;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A service as a part of the network; its description is asked for when it starts, after the engines before it. */
public final class ServiceProcess implements Engine {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(2);
    private static final int FIRST_STATUS_NOT_READY = 300;
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ASK_LIMIT)
            .build();

    private final String name;
    private final Path data;
    private final ProcessRegistry registry;
    private final Supplier<Service> service;
    private final Supplier<Map<String, String>> environment;

    /** A service of the network in this data folder. */
    public ServiceProcess(
            String name, Path data, Supplier<Service> service, Supplier<Map<String, String>> environment) {
        this.name = name;
        this.data = data;
        this.registry = new ProcessRegistry(data);
        this.service = service;
        this.environment = environment;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start() {
        ProcessSpec own = service.get().specification(data);
        Map<String, String> variables = new TreeMap<>(environment.get());
        variables.putAll(own.environment());
        Startup.adoptOrStart(registry, own.with(variables), this::answers, () -> {});
    }

    @Override
    public void stop() {
        registry.stop(name);
    }

    @Override
    public boolean lives() {
        return registry.live(name).isPresent();
    }

    @Override
    public boolean answers() {
        return service.get().ready().map(ServiceProcess::isReady).orElseGet(this::lives);
    }

    /** Kills it as a crash would; for tests of recovery. */
    public void kill() {
        registry.live(name).ifPresent(ManagedProcess::kill);
    }

    private static boolean isReady(URI ready) {
        HttpRequest request = HttpRequest.newBuilder(ready).timeout(ASK_LIMIT).build();
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < FIRST_STATUS_NOT_READY;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

package io.athanor.local.network;

import io.athanor.local.engine.AnvilEngine;
import io.athanor.local.engine.AnvilSettings;
import io.athanor.local.engine.Database;
import io.athanor.local.engine.DockerEngine;
import io.athanor.local.engine.Engine;
import io.athanor.local.engine.PostgresEngine;
import io.athanor.local.engine.PostgresSettings;
import io.athanor.local.engine.RegistryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The parts of a network on one machine, in the order in which they start: PostgreSQL, the EVM node, the container
 * engine, the image registry, and then Athanor's own services.
 */
public final class Network {

    private final NetworkLayout layout;
    private final Optional<Database> external;
    private final PostgresEngine postgres;
    private final AnvilEngine chain;
    private final DockerEngine docker;
    private final RegistryEngine images;
    private final List<Engine> services = new ArrayList<>();
    private String profile = "devnet";
    private boolean containers = true;

    /** The engines of a network; {@code variables} is the environment, in which {@code ATHANOR_DB_URL} may stand. */
    public Network(NetworkLayout layout, Map<String, String> variables) {
        this.layout = layout;
        this.external = Optional.ofNullable(variables.get("ATHANOR_DB_URL"))
                .map(url -> new Database(
                        PostgresEngine.DATABASE, url, variables.getOrDefault("ATHANOR_DB_OWNER_URL", url), url));
        this.postgres = new PostgresEngine(layout.data(), PostgresSettings.network(layout.postgres()));
        this.chain = new AnvilEngine(layout.data(), AnvilSettings.network(layout.anvil()));
        this.docker = new DockerEngine(layout.data());
        this.images = new RegistryEngine(layout.data(), layout.registry());
    }

    /** Begins with these parameters: a built-in profile's name or a file; devnet unless told. */
    public Network profile(String nameOrFile) {
        profile = nameOrFile;
        return this;
    }

    /** Without container engine and image registry, for a network whose agents run no containers. */
    public Network withoutContainers() {
        containers = false;
        return this;
    }

    /** Adds a service behind those added before; its description is asked for when it starts. */
    public Network with(String name, Supplier<Service> service) {
        services.add(new ServiceProcess(name, layout.data(), service, this::environment));
        return this;
    }

    /** Adds a part that is no process of its own. */
    public Network with(Engine part) {
        services.add(part);
        return this;
    }

    /** Folder and ports. */
    public NetworkLayout layout() {
        return layout;
    }

    /** All parts in the order in which they start. */
    public List<Engine> parts() {
        List<Engine> parts = new ArrayList<>();
        parts.add(external.<Engine>map(ExternalDatabase::new).orElse(postgres));
        parts.addAll(containers ? List.of(chain, docker, images) : List.of(chain));
        parts.addAll(services);
        return parts;
    }

    /** The network's database. */
    public Database database() {
        return external.orElseGet(postgres::database);
    }

    /** The EVM node. */
    public AnvilEngine chain() {
        return chain;
    }

    /** The container engine. */
    public DockerEngine docker() {
        return docker;
    }

    /** The image registry. */
    public RegistryEngine images() {
        return images;
    }

    /** The configuration that every service gets; read once the engines run. */
    public Map<String, String> environment() {
        Map<String, String> all = new TreeMap<>(Map.of(
                "ATHANOR_DATA", layout.data().toString(),
                "ATHANOR_PROFILE", profile,
                "ATHANOR_PORT_BASE", Integer.toString(layout.portBase()),
                "ATHANOR_DB_URL", database().appUrl(),
                "ATHANOR_DB_OWNER_URL", database().ownerUrl(),
                "ATHANOR_CHAIN_RPC", chain.rpc().toString(),
                "ATHANOR_CHAIN_ID", Long.toString(AnvilSettings.CHAIN_ID)));
        if (containers) {
            all.put("ATHANOR_DOCKER_HOST", docker.host().toString());
            all.put("ATHANOR_REGISTRY", images.address());
        }
        return all;
    }
}

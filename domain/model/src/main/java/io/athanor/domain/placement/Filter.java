package io.athanor.domain.placement;

import io.athanor.domain.common.Region;
import io.athanor.domain.job.JobSpec.GpuDemand;
import io.athanor.domain.machine.Inventory;
import org.jspecify.annotations.Nullable;

/** What turns a machine away, in the order in which it is asked. The constant is the name in a decision's funnel. */
public enum Filter {
    AVOIDED {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return demand.avoid().contains(offer.machine());
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return "it lost or refused this task before";
        }
    },
    REGION {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return !demand.spec().regions().isEmpty()
                    && !demand.spec().regions().contains(offer.region());
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return "it is in " + offer.region() + ", asked is one of "
                    + demand.spec().regions().stream()
                            .map(Region::name)
                            .sorted()
                            .toList();
        }
    },
    SIMULATED {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return offer.simulated() && !demand.spec().gpus().allowSimulated();
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return "its GPUs are simulated";
        }
    },
    GPU_MODEL {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return !offer.freeGpus().isEmpty()
                    && freeOfModel(offer, demand.spec().gpus()) == 0;
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return "none of its free GPUs is a " + demand.spec().gpus().model();
        }
    },
    GPU_COUNT {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return freeOfModel(offer, demand.spec().gpus())
                    < demand.spec().gpus().count();
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return freeOfModel(offer, demand.spec().gpus()) + " suitable GPUs are free, asked are "
                    + demand.spec().gpus().count();
        }
    },
    GPU_MEMORY {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return freeThatFit(offer, demand.spec().gpus())
                    < demand.spec().gpus().count();
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return freeThatFit(offer, demand.spec().gpus()) + " of its free GPUs have "
                    + demand.spec().gpus().minMemoryMib() + " MiB, asked are "
                    + demand.spec().gpus().count();
        }
    },
    CPU {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return offer.cpuThreads() * MILLIS_PER_THREAD < demand.spec().cpuMillis();
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return offer.cpuThreads() + " CPU threads are free, asked are "
                    + demand.spec().cpuMillis() + " thousandths";
        }
    },
    MEMORY {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return offer.memoryMib() < demand.spec().memoryMib();
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return offer.memoryMib() + " MiB of memory are free, asked are "
                    + demand.spec().memoryMib();
        }
    },
    PRICE {
        @Override
        boolean rejects(Offer offer, Demand demand) {
            return !demand.spec().maxPrice().covers(offer.price());
        }

        @Override
        String inWords(Offer offer, Demand demand) {
            return "its price is " + offer.price() + " wei a GPU-second, the most is "
                    + demand.spec().maxPrice();
        }
    };

    private static final long MILLIS_PER_THREAD = 1_000;
    private static final Filter[] ALL = values();

    abstract boolean rejects(Offer offer, Demand demand);

    abstract String inWords(Offer offer, Demand demand);

    /** The first filter that turns the offer away, or null. */
    static @Nullable Filter firstRejecting(Offer offer, Demand demand) {
        for (Filter filter : ALL) {
            if (filter.rejects(offer, demand)) {
                return filter;
            }
        }
        return null;
    }

    /** Whether this GPU is of the kind asked for. */
    public static boolean fits(Inventory.Gpu gpu, GpuDemand wanted) {
        return ofModel(gpu, wanted) && gpu.memoryMib() >= wanted.minMemoryMib();
    }

    private static boolean ofModel(Inventory.Gpu gpu, GpuDemand wanted) {
        return wanted.model() == null || wanted.model().equals(gpu.model());
    }

    private static int freeOfModel(Offer offer, GpuDemand wanted) {
        int count = 0;
        for (Inventory.Gpu gpu : offer.freeGpus()) {
            if (ofModel(gpu, wanted)) {
                count++;
            }
        }
        return count;
    }

    private static int freeThatFit(Offer offer, GpuDemand wanted) {
        int count = 0;
        for (Inventory.Gpu gpu : offer.freeGpus()) {
            if (fits(gpu, wanted)) {
                count++;
            }
        }
        return count;
    }
}

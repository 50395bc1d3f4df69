using System.Data.Common;

namespace CouponGrains.Contracts;

/// <summary>Tells a cluster that did not answer from a request that failed.</summary>
public static class Outage
{
    /// <summary>True if the cluster, not the request, is to blame: a silo or the way to it is gone, the grain is still
    /// looked for on a silo that died, what it needs has not started yet, or its store does not answer. What was asked
    /// may or may not be done, and may be asked again with its key.</summary>
    public static bool Is(Exception e) => e switch
    {
        TimeoutException => true,
        DbException database => database.IsTransient,
        // A fault of the program that could not be sent as it is, or one of the configuration: a repeat will not help.
        WrappedException or OrleansConfigurationException or GrainExtensionNotInstalledException => false,
        OrleansException => true,
        _ => false,
    };
}

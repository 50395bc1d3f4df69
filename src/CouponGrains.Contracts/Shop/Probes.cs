namespace CouponGrains.Contracts.Shop;

/// <summary>The questions that an orchestrator asks of a process; each is the tag of the checks that answer
/// it.</summary>
public static class Probes
{
    /// <summary>No: starting it anew would help.</summary>
    public const string Live = "live";

    /// <summary>No: send it no requests now.</summary>
    public const string Ready = "ready";

    /// <summary>No: it is still starting, so ask nothing else yet.</summary>
    public const string Startup = "startup";
}

namespace CouponGrains.Faults.Nemesis;

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary><c>kill -9</c> of a silo that serves.</summary>
    ServeKilled,

    /// <summary>The database ends its connections and stops.</summary>
    DatabaseStoppedFast,

    /// <summary>The database ends as in a crash.</summary>
    DatabaseStoppedImmediate,

    /// <summary>The database cuts every connection.</summary>
    ConnectionsCut,

    /// <summary>Nothing gets through between silos for longer than it takes to be declared dead.</summary>
    SilosCut,

    /// <summary>The same between a silo and the database.</summary>
    DatabaseCut,

    /// <summary>A silo stands still for longer than it takes to be declared dead, and then goes on.</summary>
    ServePaused,

    /// <summary>It goes on, and believes that it is still a member.</summary>
    ServeGoesOn,

    /// <summary><c>kill -9</c> of the train silo while it does nothing.</summary>
    TrainKilled,

    /// <summary><c>kill -9</c> of the train silo while it trains.</summary>
    TrainKilledInRun,

    /// <summary><c>kill -9</c> of the train silo while it publishes.</summary>
    TrainKilledInPublish,

    /// <summary><c>kill -9</c> of a front end.</summary>
    FrontKilled,

    /// <summary>The disk of an embedded store is full.</summary>
    DiskFull,

    /// <summary>The kernel finds an error on the disk of an embedded store, and lets it only be read from then
    /// on.</summary>
    DiskReadOnly,
}

/// <summary>A fault that was made.</summary>
/// <param name="Kind">What.</param>
/// <param name="At">Seconds since the run began.</param>
/// <param name="What">To whom and how, in words.</param>
/// <param name="Recovery">How long after it the service answered; from the return of what was away. Null where nothing
/// waits for the fault.</param>
internal sealed record Fault(FaultKind Kind, double At, string What, Recovery? Recovery);

/// <summary>What service must reach after a fault.</summary>
internal static class RecoveryLimits
{
    /// <summary>The longest time until the service answers everybody, or null where none is promised.</summary>
    public static TimeSpan? Of(FaultKind kind) => kind switch
    {
        FaultKind.ServeKilled or FaultKind.TrainKilled or FaultKind.FrontKilled
            or FaultKind.ServePaused or FaultKind.ServeGoesOn => TimeSpan.FromSeconds(15),
        FaultKind.DatabaseStoppedFast or FaultKind.DatabaseStoppedImmediate or FaultKind.ConnectionsCut =>
            TimeSpan.FromSeconds(5),
        _ => null,
    };
}

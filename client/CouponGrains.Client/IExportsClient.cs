namespace CouponGrains.Client;

/// <summary>What can be had as a file.</summary>
public enum ExportKind
{
    /// <summary>What users did, and what happened to coupons.</summary>
    Events = 1,

    /// <summary>Items.</summary>
    Items,

    /// <summary>Users: attributes and consent.</summary>
    Users,

    /// <summary>Coupons.</summary>
    Coupons,

    /// <summary>Redemptions.</summary>
    Redemptions,

    /// <summary>What has been used of the budgets.</summary>
    Budgets,
}

/// <summary>How a file is written.</summary>
public enum ExportFormat
{
    /// <summary>JSON, one entry a line.</summary>
    Ndjson = 1,

    /// <summary>Comma-separated values with a heading.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}

/// <summary>All there is of a kind, as a file. Over HTTP alone.</summary>
public interface IExportsClient
{
    /// <summary>The file, which is read while it is written; reading throws <see cref="IOException"/> where it is cut
    /// off. Throws <see cref="CouponsException"/>.</summary>
    Task<Stream> Export(ExportKind kind, ExportFormat format, CancellationToken cancel = default);
}

namespace CouponGrains.SiloHost.SampleShop;

/// <summary>Takes the sample shop into the process.</summary>
internal static class SampleShopHosting
{
    /// <summary>Before the silo.</summary>
    public static void AddLoad(IServiceCollection services, HostSettings settings)
    {
        services.AddSingleton<Progress>();
        services.AddSingleton<IHostedService>(provider =>
        {
            provider.GetRequiredService<Progress>().Line($"CouponGrains · {settings.Roles} · {settings.Where}");
            return ActivatorUtilities.CreateInstance<SampleShopLoad>(provider);
        });
    }

    /// <summary>After the silo.</summary>
    public static void AddOpening(IServiceCollection services, HostSettings settings)
    {
        if (settings.Serves)
        {
            services.AddHostedService<SampleShopOpening>();
        }
    }
}

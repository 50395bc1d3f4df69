using System.Globalization;
using CouponGrains.Api.Hosting;
using CouponGrains.Domain;
using CouponGrains.SiloHost;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--help" or "-h" or "help"])
{
    Console.WriteLine(HostArguments.Help);
    return 0;
}

if (args is [Probe.Option, var address])
{
    return await Probe.Ask(address);
}

try
{
    await HostProcess.Run(args);
    return 0;
}
catch (RefusedException e)
{
    await Console.Error.WriteLineAsync(e.Refusal.ToString());
    return e.Refusal.Code == RefusalCodes.BadOption ? 2 : 1;
}

return await CouponGrains.Cli.CommandLine.Run(args);
